using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.IO;
using Xunit;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>How many calls of the kernel each thing takes, and what the driver asks for.</summary>
public sealed class CallsTests : IDisposable
{
    private readonly CountingChip _chip = new();
    private GpioController _controller;

    public CallsTests() => _controller = new GpioController(new SprigGpioDriver(_chip));

    public void Dispose() => _controller.Dispose();

    [Fact]
    public void A_write_or_a_read_is_one_call_and_the_mode_is_not_asked_for()
    {
        _controller.OpenPin(3, PinMode.Output);
        _chip.TakeCalls();
        _controller.Write(3, PinValue.High);
        _controller.Read(3);
        _controller.GetPinMode(3);
        _controller.Toggle(3);
        Assert.Equal(["set 1 to 1", "get 1", "set 1 to 0"], _chip.TakeCalls());
    }

    [Fact]
    public void A_mode_with_a_first_level_is_one_call()
    {
        _controller.OpenPin(3, PinMode.Output, PinValue.High);
        Assert.Equal(["open 3", "config Output AsIs None at 1"], _chip.TakeCalls());
        _controller.SetPinMode(3, PinMode.InputPullUp);
        Assert.Equal(["config Input PullUp None at 1"], _chip.TakeCalls());
    }

    [Fact]
    public void Both_edges_are_asked_for_when_they_are_first_wanted_and_never_again()
    {
        _controller.OpenPin(3, PinMode.InputPullUp);
        _chip.TakeCalls();
        _controller.RegisterCallbackForPinValueChangedEvent(3, PinEventTypes.Rising, (_, _) => { });
        Assert.Equal(["config Input PullUp Both at 0"], _chip.TakeCalls());
        _controller.RegisterCallbackForPinValueChangedEvent(3, PinEventTypes.Falling, (_, _) => { });
        Assert.True(_controller.WaitForEvent(3, PinEventTypes.Falling, TimeSpan.FromMilliseconds(1)).TimedOut);
        Assert.Empty(_chip.TakeCalls());
    }

    [Fact]
    public void Pins_that_are_taken_together_are_written_and_read_in_one_call()
    {
        Use(new SprigGpioDriverOptions { Together = [[4, 5, 6, 7], [8, 9]] });
        foreach (int pin in (int[])[4, 5, 6, 7, 10])
            _controller.OpenPin(pin, PinMode.Output);
        Assert.Equal(["open 4 5 6 7", "open 10"], _chip.TakeCalls().Where(call => call.StartsWith("open", StringComparison.Ordinal)));
        _controller.Write([new(4, 1), new(5, 0), new(6, 1), new(7, 1), new(10, 1)]);
        Assert.Equal(["set 1111 to 1101", "set 1 to 1"], _chip.TakeCalls());
        PinValuePair[] pairs = [new(4, 0), new(5, 0), new(6, 0), new(7, 0), new(10, 0)];
        _controller.Read(pairs);
        Assert.Equal(["get 1111", "get 1"], _chip.TakeCalls());
        Assert.Equal([1, 0, 1, 1, 1], pairs.Select(pair => (int)pair.PinValue));
        // One of them is closed, safe, while the others stay; the last gives all back.
        _controller.ClosePin(6);
        Assert.Equal(["set 100 to 0"], _chip.TakeCalls());
        foreach (int pin in (int[])[4, 5])
            _controller.ClosePin(pin);
        _chip.TakeCalls();
        _controller.ClosePin(7);
        Assert.Equal("release", _chip.TakeCalls()[^1]);
    }

    [Fact]
    public void A_span_with_a_pin_that_is_no_output_drives_nothing()
    {
        _controller.OpenPin(3, PinMode.Output);
        _controller.OpenPin(4, PinMode.Input);
        _chip.TakeCalls();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => _controller.Write([new(3, 1), new(4, 1)]));
        Assert.Contains("pin 4 (gpiochip7) is in the mode Input", error.Message, StringComparison.Ordinal);
        Assert.Empty(_chip.TakeCalls());
    }

    [Fact]
    public void Settings_of_a_pin_may_be_changed_but_not_its_direction()
    {
        Use(new SprigGpioDriverOptions
        {
            Configure = (pin, line) => pin == 3 ? line with { SafeLevel = true, InitialLevel = true } : line with { Direction = GpioDirection.AsIs },
        });
        _controller.OpenPin(3, PinMode.Output);
        Assert.Contains("config Output AsIs None at 1", _chip.TakeCalls());
        _controller.Write(3, PinValue.Low);
        _controller.ClosePin(3);
        Assert.Equal(["set 1 to 0", "set 1 to 1", "release"], _chip.TakeCalls());
        Assert.Contains("the Direction must stay", Assert.Throws<InvalidOperationException>(() => _controller.OpenPin(4, PinMode.Output)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chip_is_disposed_with_the_driver_if_it_owns_it()
    {
        _controller.Dispose();
        Assert.Equal(["dispose"], _chip.TakeCalls());
        new SprigGpioDriver(_chip, ownsChip: false).Dispose();
        Assert.Empty(_chip.TakeCalls());
    }

    [Fact]
    public void The_chips_number_is_in_its_name()
        => Assert.Equal(new System.Device.Gpio.GpioChipInfo(7, "gpiochip7", "counting", 64), new SprigGpioDriver(_chip).GetChipInfo());

    [Fact]
    public void Options_that_make_no_sense_are_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => new SprigGpioDriver((GpioChip)null!));
        foreach (SprigGpioDriverOptions bad in (SprigGpioDriverOptions[])
            [
                new() { Overlap = (CallbackOverlap)9 }, new() { QueueCapacity = 0 }, new() { EdgeBuffer = 0 }, new() { EdgeBuffer = 1025 },
                new() { Together = [[1, 2], [2]] }, new() { Together = [[64]] },
            ])
        {
            Assert.ThrowsAny<ArgumentException>(() => new SprigGpioDriver(_chip, options: bad));
        }
    }

    [Fact]
    public void Without_a_board_the_error_says_what_to_do()
        => Assert.Contains("new SprigGpioDriver(GpioChip.Open(", Assert.Throws<FileNotFoundException>(() => new SprigGpioDriver()).Message, StringComparison.Ordinal);

    private void Use(SprigGpioDriverOptions options)
    {
        _controller.Dispose();
        _chip.TakeCalls();
        _controller = new GpioController(new SprigGpioDriver(_chip, options: options));
    }
}
