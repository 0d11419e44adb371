using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>Waits until all that was written is sent. The kernel's call for that sleeps: it is done on a thread, which is there as
/// long as that takes.</summary>
internal static class DrainLane
{
    internal static async ValueTask DrainAsync(SerialLine line, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        await Coroutine.CheckpointAsync();
        using IDisposable expectation = scheduler.ExpectPosts();
        WaitQueue end = new($"the end of what {line.Path} sends");
        int? result = null;
        InterruptibleThread lane = line.StartLane("sprig-drain", lane =>
        {
            int answer = -Errno.EINTR;
            while (answer == -Errno.EINTR && !lane.IsStopping)
                answer = line.Tty.Block(SerialUapi.SendBreakOrDrain, SerialUapi.DrainOnly);
            scheduler.Inbox.Post(
                null,
                (Action)(() =>
                {
                    result = answer;
                    end.WakeAll();
                }),
                null);
        });
        try
        {
            while (result is null)
                await end.WaitAsync(cancellationToken);
        }
        finally
        {
            line.StopLane(lane);
        }

        if (result >= 0)
            return;
        line.ThrowIfLeft();
        throw Errno.ToException(-result.Value, "drain", line.Path);
    }
}
