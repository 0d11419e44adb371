namespace Sprig.Scheduling;

/// <summary>Is told of a coroutine's end in the step in which it ends, before anybody else runs. So it must only take note,
/// and wake: never call what is not ours.</summary>
internal abstract class EndListener
{
    internal abstract void OnEnded(Coroutine coroutine);
}
