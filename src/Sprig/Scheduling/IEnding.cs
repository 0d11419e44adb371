namespace Sprig.Scheduling;

/// <summary>What ends once and stays so: a coroutine, a completion source. A wait for it that is out of time in the tick in
/// which it ends has not missed it.</summary>
internal interface IEnding
{
    bool HasEnded { get; }
}
