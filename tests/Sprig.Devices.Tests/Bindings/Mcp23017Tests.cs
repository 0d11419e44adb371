using System.Device.Gpio;
using Iot.Device.Mcp23xxx;
using Sprig.Devices.Tests.Bindings.Chips;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Mcp23017Tests
{
    private const int Address = 0x20, InterruptA = 27, InterruptB = 26;

    [Fact]
    public void Its_pins_are_a_GpioControllers_in_the_lane() => Proof.Run(async proof =>
    {
        Mcp23017Chip chip = Attach(proof);
        using GpioController pins = await proof.InLane(() => new GpioController(new Mcp23017(proof.I2c.CreateDevice(Address))));
        await proof.InLane(() =>
        {
            pins.OpenPin(0, PinMode.Output);
            pins.OpenPin(15, PinMode.Output);
            pins.OpenPin(3, PinMode.InputPullUp);
            pins.Write([new PinValuePair(0, PinValue.High), new PinValuePair(15, PinValue.High)]);
        });
        Assert.Equal((true, true, false), (chip.LevelOf(0), chip.LevelOf(15), chip.LevelOf(1)));
        Assert.Equal(PinValue.High, await proof.InLane(() => pins.Read(3)));
        chip.Drive(3, false);
        Assert.Equal(PinValue.Low, await proof.InLane(() => pins.Read(3)));
        await proof.InLane(() => pins.Toggle(15));
        Assert.False(chip.LevelOf(15));
    });

    /// <summary>The handler of the interrupt reads two registers, on the loop: that long it stands, about 0.5 ms at 100
    /// kHz.</summary>
    [Fact]
    public void Changes_of_its_inputs_come_by_its_interrupt_lines_to_handlers_on_the_loop() => Proof.Run(async proof =>
    {
        Mcp23017Chip chip = Attach(proof);
        using GpioController pins = new(new Mcp23017(
            proof.I2c.CreateDevice(Address), interruptA: InterruptA, interruptB: InterruptB, controller: proof.Controller, shouldDispose: false));
        List<string> heard = [];
        foreach (int pin in (ReadOnlySpan<int>)[3, 5, 12])
        {
            pins.OpenPin(pin, PinMode.InputPullUp);
            pins.RegisterCallbackForPinValueChangedEvent(
                pin, PinEventTypes.Rising | PinEventTypes.Falling, (_, e) => heard.Add($"{e.PinNumber} {e.ChangeType}{(proof.IsOnLoop ? "" : " on another thread")}"));
        }

        foreach ((int pin, bool level) in new[] { (3, false), (12, false), (3, true), (5, false), (12, true), (5, true) })
        {
            chip.Drive(pin, level);
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(["3 Falling", "12 Falling", "3 Rising", "5 Falling", "12 Rising", "5 Rising"], heard);
        // Read, and so cleared.
        Assert.True(proof.Board[InterruptA]);
        Assert.True(proof.Board[InterruptB]);
    });

    [Fact]
    public void Handlers_that_are_registered_in_the_lane_run_on_the_loop_all_the_same() => Proof.Run(async proof =>
    {
        Mcp23017Chip chip = Attach(proof);
        int onLoop = 0;
        using GpioController pins = await proof.InLane(() => new GpioController(new Mcp23017(
            proof.I2c.CreateDevice(Address), interruptA: InterruptA, controller: proof.Controller, shouldDispose: false)));
        await proof.InLane(() =>
        {
            pins.OpenPin(7, PinMode.InputPullUp);
            pins.RegisterCallbackForPinValueChangedEvent(7, PinEventTypes.Rising | PinEventTypes.Falling, (_, _) => onLoop += proof.IsOnLoop ? 1 : 100);
        });
        chip.Drive(7, false);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, onLoop);
    });

    /// <summary>For one kind of edge the binding has the chip compare with a level: its interrupt stays as long as that lasts,
    /// and until somebody reads, so there is no second edge of INT.</summary>
    [Fact]
    public void Asked_for_one_kind_of_edge_it_tells_of_the_first_only() => Proof.Run(async proof =>
    {
        Mcp23017Chip chip = Attach(proof);
        using GpioController pins = new(new Mcp23017(
            proof.I2c.CreateDevice(Address), interruptA: InterruptA, controller: proof.Controller, shouldDispose: false));
        int heard = 0;
        pins.OpenPin(3, PinMode.InputPullUp);
        pins.RegisterCallbackForPinValueChangedEvent(3, PinEventTypes.Falling, (_, _) => heard++);
        foreach (bool level in (bool[])[false, true, false, true])
        {
            chip.Drive(3, level);
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(1, heard);
        Assert.False(proof.Board[InterruptA]);
    });

    private static Mcp23017Chip Attach(Proof proof)
    {
        Mcp23017Chip chip = new()
        {
            Interrupt = (port, level) => proof.Board.Drive(port == 0 ? InterruptA : InterruptB, level),
        };
        proof.Board.Drive(InterruptA, true);
        proof.Board.Drive(InterruptB, true);
        proof.Bus.Attach(Address, chip);
        return chip;
    }
}
