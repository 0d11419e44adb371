using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>Counts the coroutines of a run that have not ended, also after the run.</summary>
internal sealed class CoroutineCount : SchedulerObserver
{
    internal int Alive { get; private set; }

    public override void OnSpawned(Coroutine coroutine) => Alive++;

    public override void OnEnded(Coroutine coroutine) => Alive--;
}
