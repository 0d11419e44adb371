using Sprig.Polling;

namespace Sprig.Tests.Support;

/// <summary>Writes down what the ground tells it, into a trace that several may share, and then does what the test wants done.</summary>
internal sealed class RecordingWaiter(string name, List<string> trace) : Waiter
{
    internal RecordingWaiter(string name = "it")
        : this(name, [])
    {
    }

    internal List<string> Trace { get; } = trace;

    internal Action<RecordingWaiter>? Then { get; set; }

    internal override void OnDue() => Record($"{name} due");

    internal override void OnReady() => Record($"{name} ready");

    internal override void OnClosed(string device) => Record($"{name} closed {device}");

    private void Record(string what)
    {
        Trace.Add(what);
        Then?.Invoke(this);
    }
}
