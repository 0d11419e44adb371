using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Xunit;
using static Sprig.Devices.Tests.Drivers.ControllerRig;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>What System.Device.Gpio promises of a controller, whatever its driver. The same for each setting in which code may use it.</summary>
public abstract class ControllerContract
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;

    private protected abstract void Run(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options = null);

    [Fact]
    public void The_pins_are_the_lines_of_the_chip() => Run(rig =>
    {
        Assert.Equal(28, rig.Controller.PinCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => rig.Controller.OpenPin(28));
        Assert.Throws<ArgumentOutOfRangeException>(() => rig.Controller.OpenPin(-1));
        Assert.Equal(0, rig.Board.HeldLines);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_pin_is_open_from_its_opening_to_its_closing() => Run(rig =>
    {
        foreach (PinMode mode in (PinMode[])[PinMode.Input, PinMode.Output])
        {
            Assert.False(rig.Controller.IsPinOpen(1));
            GpioPin pin = rig.Controller.OpenPin(1, mode);
            Assert.True(rig.Controller.IsPinOpen(1));
            Assert.Same(pin, rig.Controller.OpenPin(1));
            Assert.Equal(1, rig.Board.HeldLines);
            rig.Controller.ClosePin(1);
            Assert.False(rig.Controller.IsPinOpen(1));
            Assert.Equal(0, rig.Board.HeldLines);
        }

        return Task.CompletedTask;
    });

    [Fact]
    public void What_is_done_with_a_pin_that_is_not_open_is_refused() => Run(rig =>
    {
        GpioController controller = rig.Controller;
        Assert.Throws<InvalidOperationException>(() => controller.Write(Out, PinValue.High));
        Assert.Throws<InvalidOperationException>(() => controller.Read(In));
        Assert.Throws<InvalidOperationException>(() => controller.Toggle(Out));
        Assert.Throws<InvalidOperationException>(() => controller.ClosePin(Out));
        Assert.Throws<InvalidOperationException>(() => controller.SetPinMode(Out, PinMode.Output));
        Assert.Throws<InvalidOperationException>(() => controller.GetPinMode(Out));
        Assert.Throws<InvalidOperationException>(() => controller.WaitForEvent(In, PinEventTypes.Falling, CancellationToken.None));
        Assert.Throws<InvalidOperationException>(() => { _ = controller.WaitForEventAsync(In, PinEventTypes.Falling, CancellationToken.None); });
        Assert.Throws<InvalidOperationException>(() => controller.RegisterCallbackForPinValueChangedEvent(In, Both, (_, _) => { }));
        Assert.Throws<InvalidOperationException>(() => controller.Write([new PinValuePair(Out, PinValue.High)]));
        Assert.Throws<InvalidOperationException>(() => controller.Read(new[] { new PinValuePair(In, default) }));
        return Task.CompletedTask;
    });

    [Fact]
    public void Opening_touches_neither_mode_nor_level() => Run(rig =>
    {
        rig.Board.Drive(1, true);
        rig.Controller.OpenPin(1);
        Assert.Equal((PinMode.Input, PinValue.High), (rig.Controller.GetPinMode(1), rig.Controller.Read(1)));
        Assert.Single(rig.Board.ChangesOf(1));
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(PinMode.Input)]
    [InlineData(PinMode.InputPullUp)]
    [InlineData(PinMode.InputPullDown)]
    [InlineData(PinMode.Output)]
    public void Each_mode_is_supported_set_and_told(PinMode mode) => Run(rig =>
    {
        Assert.True(rig.Controller.IsPinModeSupported(1, mode));
        rig.Controller.OpenPin(1, mode);
        Assert.Equal(mode, rig.Controller.GetPinMode(1));
        Assert.Equal(mode == PinMode.InputPullUp ? PinValue.High : PinValue.Low, rig.Controller.Read(1));
        return Task.CompletedTask;
    });

    [Fact]
    public void An_unknown_mode_and_an_unknown_pin_are_not_supported() => Run(rig =>
    {
        Assert.False(rig.Controller.IsPinModeSupported(1, (PinMode)99));
        Assert.False(rig.Controller.IsPinModeSupported(99, PinMode.Input));
        rig.Controller.OpenPin(1);
        Assert.Throws<InvalidOperationException>(() => rig.Controller.SetPinMode(1, (PinMode)99));
        return Task.CompletedTask;
    });

    [Fact]
    public void What_is_written_is_read_on_the_other_end_of_the_wire_and_on_the_output_itself() => Run(rig =>
    {
        rig.OpenBoth();
        foreach (PinValue value in (PinValue[])[PinValue.High, PinValue.Low, PinValue.High])
        {
            rig.Controller.Write(Out, value);
            Assert.Equal((value, value), (rig.Controller.Read(In), rig.Controller.Read(Out)));
        }

        return Task.CompletedTask;
    });

    [Fact]
    public void A_pin_changes_its_mode_while_it_is_open() => Run(rig =>
    {
        rig.Controller.OpenPin(Out, PinMode.Input);
        rig.Controller.SetPinMode(Out, PinMode.Output);
        rig.Controller.Write(Out, PinValue.High);
        Assert.True(rig.Board[Out]);
        rig.Controller.SetPinMode(Out, PinMode.InputPullDown);
        Assert.False(rig.Board[Out]);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_write_to_an_input_drives_nothing_and_is_the_first_level_when_it_becomes_an_output() => Run(rig =>
    {
        rig.Controller.OpenPin(1, PinMode.Input);
        rig.Controller.Write(1, PinValue.High);
        Assert.False(rig.Board[1]);
        rig.Controller.SetPinMode(1, PinMode.Output);
        Assert.True(rig.Board[1]);
        return Task.CompletedTask;
    });

    [Fact]
    public void An_output_that_is_opened_high_is_never_low() => Run(rig =>
    {
        rig.Controller.OpenPin(1, PinMode.Output, PinValue.High);
        Assert.True(Assert.Single(rig.Board.ChangesOf(1)).Level);
        rig.Controller.SetPinMode(1, PinMode.Output);
        Assert.True(Assert.Single(rig.Board.ChangesOf(1)).Level);
        return Task.CompletedTask;
    });

    [Fact]
    public void Toggling_drives_the_other_level() => Run(rig =>
    {
        GpioPin pin = rig.Controller.OpenPin(Out, PinMode.Output, PinValue.High);
        pin.Toggle();
        Assert.False(rig.Board[Out]);
        rig.Controller.Toggle(Out);
        Assert.True(rig.Board[Out]);
        return Task.CompletedTask;
    });

    [Fact]
    public void Pairs_are_written_and_read_in_their_order() => Run(rig =>
    {
        foreach (int pin in (int[])[1, 2, 3])
            rig.Controller.OpenPin(pin, PinMode.Output);
        rig.Controller.Write([new(1, PinValue.High), new(2, PinValue.Low), new(3, PinValue.High), new(1, PinValue.Low)]);
        PinValuePair[] pairs = [new(3, default), new(2, default), new(1, default)];
        rig.Controller.Read(pairs);
        Assert.Equal([(3, PinValue.High), (2, PinValue.Low), (1, PinValue.Low)], pairs.Select(pair => (pair.PinNumber, pair.PinValue)));
        // The pin that stood there twice got both levels.
        Assert.Equal([true, false], rig.Board.ChangesOf(1).Select(change => change.Level));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_handler_gets_the_edges_of_its_kind_with_pin_and_kind() => Run(async rig =>
    {
        rig.OpenBoth();
        List<(int, PinEventTypes)> rising = [], falling = [], both = [];
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Rising, (_, e) => rising.Add((e.PinNumber, e.ChangeType)));
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Falling, (_, e) => falling.Add((e.PinNumber, e.ChangeType)));
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, Both, (_, e) => both.Add((e.PinNumber, e.ChangeType)));
        rig.Pulse(3);
        await rig.Until(() => both.Count == 6);
        Assert.Equal(Enumerable.Repeat((In, PinEventTypes.Rising), 3), rising);
        Assert.Equal(Enumerable.Repeat((In, PinEventTypes.Falling), 3), falling);
        Assert.Equal([.. Enumerable.Repeat(((In, PinEventTypes.Rising), (In, PinEventTypes.Falling)), 3).SelectMany(pair => ((int, PinEventTypes)[])[pair.Item1, pair.Item2])], both);
    });

    [Fact]
    public void Handlers_of_one_edge_are_called_in_the_order_of_their_adding_with_the_driver_as_sender() => Run(async rig =>
    {
        rig.OpenBoth();
        List<string> calls = [];
        foreach (string name in (string[])["first", "second", "third"])
        {
            rig.Controller.RegisterCallbackForPinValueChangedEvent(In, Both, (sender, e) =>
            {
                Assert.Same(rig.Driver, sender);
                calls.Add($"{name} {e.ChangeType}");
            });
        }

        rig.Pulse(1);
        await rig.Until(() => calls.Count == 6);
        Assert.Equal(["first Rising", "second Rising", "third Rising", "first Falling", "second Falling", "third Falling"], calls);
    });

    [Fact]
    public void A_handler_that_another_removes_is_called_no_more() => Run(async rig =>
    {
        rig.OpenBoth();
        int rising = 0, falling = 0;
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Rising, (_, _) => rising++);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Rising, Counted);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Rising, (_, _) =>
        {
            rising++;
            if (falling == 4)
                rig.Controller.UnregisterCallbackForPinValueChangedEvent(In, Counted);
        });
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Falling, (_, _) => falling++);
        rig.Pulse(10);
        await rig.Until(() => falling == 10);
        Assert.Equal(5 * 3 + 5 * 2, rising);

        void Counted(object sender, PinValueChangedEventArgs e) => rising++;
    });

    [Fact]
    public void With_all_handlers_removed_nobody_is_called() => Run(async rig =>
    {
        rig.OpenBoth();
        int called = 0, sentinel = 0;
        PinChangeEventHandler[] handlers = [.. Enumerable.Range(0, 4).Select(_ => (PinChangeEventHandler)((_, _) => called++))];
        foreach (PinChangeEventHandler handler in handlers)
            rig.Controller.RegisterCallbackForPinValueChangedEvent(In, Both, handler);
        rig.Controller.Write(Out, PinValue.High);
        await rig.Until(() => called == 4);
        foreach (PinChangeEventHandler handler in handlers)
            rig.Controller.UnregisterCallbackForPinValueChangedEvent(In, handler);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, Both, (_, _) => sentinel++);
        rig.Controller.Write(Out, PinValue.Low);
        await rig.Until(() => sentinel == 1);
        Assert.Equal(4, called);
    });

    [Fact]
    public void The_same_handler_for_each_kind_is_removed_by_one_call_and_an_unknown_one_by_none() => Run(async rig =>
    {
        rig.OpenBoth();
        int called = 0, sentinel = 0;
        rig.Controller.UnregisterCallbackForPinValueChangedEvent(In, Counted);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Rising, Counted);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, PinEventTypes.Falling, Counted);
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, Both, (_, _) => sentinel++);
        rig.Pulse(1);
        await rig.Until(() => sentinel == 2);
        rig.Controller.UnregisterCallbackForPinValueChangedEvent(In, Counted);
        rig.Pulse(1);
        await rig.Until(() => sentinel == 4);
        Assert.Equal(2, called);

        void Counted(object sender, PinValueChangedEventArgs e) => called++;
    });

    [Fact]
    public void A_pins_event_is_the_controllers() => Run(async rig =>
    {
        rig.OpenBoth();
        GpioPin pin = rig.Controller.OpenPin(In);
        int called = 0;
        pin.ValueChanged += Counted;
        rig.Pulse(1);
        await rig.Until(() => called == 2);
        pin.ValueChanged -= Counted;

        void Counted(object sender, PinValueChangedEventArgs e) => called++;
    });

    [Theory]
    [InlineData(PinEventTypes.Rising, PinEventTypes.Rising)]
    [InlineData(PinEventTypes.Falling, PinEventTypes.Falling)]
    [InlineData(Both, PinEventTypes.Rising)]
    public void A_wait_ends_with_the_first_edge_of_its_kind(PinEventTypes wanted, PinEventTypes got) => Run(async rig =>
    {
        rig.OpenBoth();
        rig.DoSoon(() => rig.Pulse(1));
        WaitForEventResult result = await rig.WaitAsync(In, wanted);
        Assert.Equal((false, got), (result.TimedOut, result.EventTypes));
    });

    [Fact]
    public void Edges_from_before_the_first_wait_are_none_of_its() => Run(async rig =>
    {
        rig.OpenBoth();
        rig.Pulse(3);
        rig.DoSoon(() => rig.Controller.Write(Out, PinValue.High));
        Assert.Equal(PinEventTypes.Rising, (await rig.WaitAsync(In, Both)).EventTypes);
    });

    [Fact]
    public void Edges_between_two_waits_come_in_the_next_ones_in_their_order() => Run(async rig =>
    {
        rig.OpenBoth();
        rig.DoSoon(() => rig.Pulse(3));
        for (int i = 0; i < 6; i++)
            Assert.Equal(i % 2 == 0 ? PinEventTypes.Rising : PinEventTypes.Falling, (await rig.WaitAsync(In, Both)).EventTypes);
        Assert.Equal(0, rig.Driver.LostEdges);
    });

    [Fact]
    public void A_wait_whose_time_is_over_says_so() => Run(async rig =>
    {
        rig.OpenBoth();
        WaitForEventResult result = await rig.WaitAsync(In, PinEventTypes.Falling, TimeSpan.FromMilliseconds(10));
        Assert.Equal((true, PinEventTypes.None), (result.TimedOut, result.EventTypes));
    });

    [Fact]
    public void A_wait_that_is_cancelled_says_so_and_leaves_the_edge_to_the_next() => Run(async rig =>
    {
        rig.OpenBoth();
        using CancellationTokenSource source = new();
        rig.DoSoon(source.Cancel);
        Assert.True((await rig.WaitAsync(In, Both, source.Token)).TimedOut);
        Assert.True((await rig.WaitAsync(In, Both, source.Token)).TimedOut);
        rig.Controller.Write(Out, PinValue.High);
        Assert.Equal(PinEventTypes.Rising, (await rig.WaitAsync(In, Both)).EventTypes);
    });

    [Fact]
    public void Closing_the_pin_ends_a_wait_with_an_error() => Run(async rig =>
    {
        rig.OpenBoth();
        rig.DoSoon(() => rig.Controller.ClosePin(In));
        ObjectDisposedException error = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await rig.WaitAsync(In, Both));
        Assert.Contains("pin 6", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Chip_and_driver_tell_of_themselves() => Run(rig =>
    {
        rig.Controller.OpenPin(3, PinMode.InputPullUp);
        Assert.Equal(new GpioChipInfo(-1, rig.Board.Name, rig.Board.Label, 28), rig.Driver.GetChipInfo());
        string told = rig.Controller.QueryComponentInformation().ToString();
        Assert.Contains(typeof(SprigGpioDriver).FullName!, told, StringComparison.Ordinal);
        Assert.Equal("3 (InputPullUp)", rig.Driver.QueryComponentInformation().Properties["OpenPins"]);
        return Task.CompletedTask;
    });

    [Fact]
    public void Dispose_closes_each_pin_and_drives_the_outputs_low() => Run(async rig =>
    {
        rig.OpenBoth();
        int called = 0;
        rig.Controller.RegisterCallbackForPinValueChangedEvent(In, Both, (_, _) => called++);
        rig.Controller.Write(Out, PinValue.High);
        await rig.Until(() => called == 1);
        rig.Controller.Dispose();
        Assert.False(rig.Board[Out]);
        Assert.Equal(0, rig.Board.HeldLines);
        Assert.Throws<ObjectDisposedException>(() => rig.Controller.OpenPin(Out));
        rig.Driver.Dispose();
    });
}

/// <summary>In a coroutine.</summary>
public sealed class ControllerOnTheLoopTests : ControllerContract
{
    private protected override void Run(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options = null) => LoopRig.Run(body, options);
}

/// <summary>On a thread beside the run in which the driver was made.</summary>
public sealed class ControllerBesideTheLoopTests : ControllerContract
{
    private protected override void Run(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options = null) => ThreadRig.RunBesideLoop(body, options);
}

/// <summary>Where no scheduler is.</summary>
public sealed class ControllerWithoutSchedulerTests : ControllerContract
{
    private protected override void Run(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options = null) => ThreadRig.RunAlone(body, options);
}
