using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>A <see cref="BlockingWork"/> with a result.</summary>
internal sealed class BlockingWork<T>(Func<T> work, string description) : BlockingWork(description)
{
    private T? _result;

    /// <summary>What has come of it, on the loop of who waits.</summary>
    internal CompletionSource<T> Outcome { get; } = new(description);

    private protected override CompletionSourceBase Untyped => Outcome;

    private protected override void Call() => _result = work();

    private protected override void SetResult() => Outcome.SetResult(_result!);
}
