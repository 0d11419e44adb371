using System.Net;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Snippets;

/// <summary>The README's shorter pieces; each region is one fence.</summary>
internal static class Fragments
{
    internal static async Task ButtonAsync(GpioChip chip, GpioOutput led)
    {
        #region button
        using GpioInput button = chip.OpenInput(22, new GpioInputOptions { Bias = GpioBias.PullUp, ActiveLow = true });
        while (true)
        {
            GpioEdge pressed = await button.WaitForEdgeAsync(GpioEdges.Rising);
            led.Toggle();
            Console.WriteLine($"pressed at {pressed.Timestamp}, {button.LostEdges} edges lost");
        }
        #endregion
    }

    internal static async Task DeadlinesAsync(SerialPort port, Func<Task> calibrate)
    {
        #region deadlines
        using (Deadline.After(TimeSpan.FromSeconds(1)))
            Console.WriteLine(await port.ReadLineAsync());      // DeadlineExceededException after a second

        bool inTime = await Deadline.TryRunAsync(TimeSpan.FromSeconds(5), calibrate);    // silent: false, and on we go
        #endregion
        Console.WriteLine(inTime);
    }

    internal static async Task EchoAsync()
    {
        #region echo
        using SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Any, 7000));
        while (true)
        {
            SocketStream client = await listener.AcceptAsync();
            _ = Coroutine.Spawn(async () =>
            {
                using (client)
                    await client.CopyToAsync(client);
            });
        }
        #endregion
    }

    internal static void VirtualTime(Func<SimulatedBoard, Task> blinkForAnHour)
    {
        #region test
        TestClock clock = new();
        SimulatedBoard board = new();
        CoroutineScheduler.Run(() => blinkForAnHour(board), new SchedulerOptions { Clock = clock });
        Console.WriteLine($"{clock.Elapsed} passed, {board.ChangesOf(17).Count()} toggles");    // in milliseconds
        #endregion
    }
}
