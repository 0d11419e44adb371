using Sprig.Devices.Boards;
using Sprig.IO;
using Sprig.Testing;

namespace Snippets.Devices;

/// <summary>The devices' guide's pieces on boards; each region is one fence.</summary>
internal static class Boards
{
    internal static async Task NamesAsync()
    {
        #region names
        using Board board = Board.Open();                   // this machine's; BoardMap.Known lists those that it may be
        using GpioOutput led = board.OpenOutput("GPIO17");  // by name
        using GpioInput button = board.OpenInput("P13", new GpioInputOptions { Bias = GpioBias.PullUp, ActiveLow = true });  // by place
        while (true)
        {
            await button.WaitForEdgeAsync(GpioEdges.Rising);
            led.Toggle();
        }
        #endregion
    }

    internal static void Simulated()
    {
        #region simulated
        SimulatedBoard pins = new();
        using Board board = Board.On(pins, BoardMap.Known.Single(map => map.Id == "raspberry-pi-5"));
        using GpioOutput led = board.OpenOutput("P11", new GpioOutputOptions { InitialLevel = true });
        Console.WriteLine(pins[17]);    // True
        #endregion
    }
}
