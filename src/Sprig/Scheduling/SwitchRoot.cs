namespace Sprig.Scheduling;

/// <summary>The code that no symmetric coroutine runs: a coroutine's own body, or what a thread does where no scheduler
/// runs. It is switched to by a SwitchBack, or when one without a parent ends.</summary>
internal sealed class SwitchRoot(Switchboard board) : SymmetricCoroutine("root", null, board)
{
    public override string ToString() => $"the root of {(object?)Board!.Owner ?? "the code outside of coroutines"}";
}
