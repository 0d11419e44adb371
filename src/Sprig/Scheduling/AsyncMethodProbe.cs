using System.Threading.Tasks.Sources;

namespace Sprig.Scheduling;

/// <summary>Finds the one delegate with which the runtime's builders resume an async method that awaits a
/// <see cref="ValueTask"/>: by awaiting one, and looking what comes. So the deadlock check can tell such a wait from one that
/// was turned into a task and may be awaited beside others.</summary>
internal sealed class AsyncMethodProbe : IValueTaskSource
{
    private Delegate _continuation = () => { };

    internal static Delegate Find()
    {
        AsyncMethodProbe probe = new();
        _ = Await(new ValueTask(probe, 0));
        return probe._continuation;
    }

    public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _continuation = continuation;

    public void GetResult(short token)
    {
    }

    private static async Task Await(ValueTask task) => await task;
}
