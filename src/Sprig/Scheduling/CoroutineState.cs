namespace Sprig.Scheduling;

/// <summary>Where a <see cref="Coroutine"/> is in its life.</summary>
/// <remarks><code><![CDATA[
///                 (2)            (3)
///   Created ------------> Ready <----------+
///      |                  |   ^            |
///      |              (4) |   | (5)        | (7)
///      |                  v   |            |
///      | (1)             Running ------> Blocked
///      |                  |        (6)     |
///      |     +------------+-----------+    | (11)
///      |     | (8)        | (9)       | (10)
///      v     v            v           v    v
///     Killed Completed    Faulted     Killed
///
///   1  killed before its delay was over              Coroutine.Kill
///   2  SpawnAfter: its delay is over                 Coroutine.MakeReady
///   3  Spawn: it is born Ready                       Coroutine.Start
///   4  its turn has come                             CoroutineScheduler.RunReady
///   5  it yielded, or was posted to                  ReadyQueue.Enqueue
///   6  its step ended with nothing ready             CoroutineScheduler.RunReady
///   7  what it waited for came, or failed            Completion.Resume, LoopContext.Post
///   8  its body returned                             Coroutine.OnBodyEnded
///   9  its body threw                                Coroutine.OnBodyEnded
///  10  a kill was delivered and its body has ended   Coroutine.OnBodyEnded
///  11  given up after the grace time at the run's    Coroutine.Abandon
///      end; and from Ready: killed before its first
///      step                                          Coroutine.Kill
/// ]]></code>
/// Ready, Running and Blocked are derived from the ready count and the scheduler's running coroutine, never stored, so they
/// can't be out of step with the queues.</remarks>
public enum CoroutineState : byte
{
    /// <summary>Spawned with a delay that is not over.</summary>
    Created,

    /// <summary>In the ready queue.</summary>
    Ready,

    /// <summary>The one that has the thread.</summary>
    Running,

    /// <summary>Waiting: see <see cref="Coroutine.BlockedOn"/>.</summary>
    Blocked,

    /// <summary>Its body returned.</summary>
    Completed,

    /// <summary>Its body threw: see <see cref="Coroutine.Exception"/>.</summary>
    Faulted,

    /// <summary>It was killed: neither success nor failure.</summary>
    Killed,
}
