namespace Sprig.Scheduling;

/// <summary>The <see cref="SynchronizationContext"/> of symmetric coroutines that run outside of any coroutine: what can't
/// go on in place (a Task.Yield, the end of very deep recursion) goes on in the loop of switches, on the same
/// thread.</summary>
internal sealed class SwitchContext : SynchronizationContext
{
    private SwitchContext()
    {
    }

    /// <summary>One for all threads, so that a generator may be used now on one and then on another.</summary>
    internal static SwitchContext Instance { get; } = new();

    /// <summary>Any thread. Where no switches are being made it is a wait that was refused: see
    /// <see cref="Switchboard"/>.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!Switchboard.TryPostOutside(d, state))
            base.Post(d, state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
