using Sprig.IO;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>What this process holds, as its safe-state file says it. In an own process: <see cref="HeldLinesProcessTests"/>.</summary>
public sealed class HeldLinesStateTests : IDisposable
{
    private static readonly GpioChipInfo s_chip = new("/dev/gpiochip3", "gpiochip3", "a fake", 54);
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly SafeStateFile? _before = HeldLines.StateFile;

    public HeldLinesStateTests() => HeldLines.StateFile = new SafeStateFile(_file, TextWriter.Null);

    public void Dispose()
    {
        HeldLines.StateFile = _before;
        File.Delete(_file);
    }

    [Fact]
    public void It_names_the_outputs_that_are_held_as_they_are_set_now()
    {
        RecordingRequest pair = Take([4, 5], new GpioLineSettings { Direction = GpioDirection.Output }, new GpioLineSettings());
        Assert.Equal(["gpiochip3 4 0 PushPull PullDown a fake"], Kept());
        RecordingRequest relay = Take([9], new GpioLineSettings { Direction = GpioDirection.Output, ActiveLow = true, Drive = GpioDrive.OpenDrain });
        Assert.Equal(["gpiochip3 4 0 PushPull PullDown a fake", "gpiochip3 9 1 OpenDrain PullUp a fake"], Kept());
        pair.Group.Configure(new GpioLineSettings { Direction = GpioDirection.Output, SafeLevel = true });
        Assert.Equal(["gpiochip3 4 1 PushPull PullUp a fake", "gpiochip3 5 1 PushPull PullUp a fake", "gpiochip3 9 1 OpenDrain PullUp a fake"], Kept());
        pair.Group.Configure(new GpioLineSettings { Direction = GpioDirection.Output, SafeLevel = null });
        Assert.Equal(["gpiochip3 9 1 OpenDrain PullUp a fake"], Kept());
        relay.Dispose();
        pair.Dispose();
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void It_names_lines_before_they_are_taken()
    {
        string[] before = [];
        using OpeningChip chip = new(s_chip, lines =>
        {
            before = Kept();
            return new RecordingRequest([4], lines) { Of = s_chip };
        });
        using (chip.OpenOutput(4, new GpioOutputOptions { InitialLevel = true }))
        {
            Assert.Equal(["gpiochip3 4 0 PushPull PullDown a fake"], before);
            Assert.Equal(before, Kept());
        }

        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void It_does_not_name_lines_that_could_not_be_taken()
    {
        using OpeningChip chip = new(s_chip, _ => throw new IOException("taken"));
        Assert.Throws<IOException>(() => chip.OpenOutput(4));
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void It_names_a_line_before_it_becomes_an_output_and_not_when_it_could_not()
    {
        string[] before = [];
        using RecordingRequest pin = new([4], [new GpioLineSettings()]) { Of = s_chip, Configuring = () => before = Kept() };
        HeldLines.Add(pin);
        Assert.False(File.Exists(_file));
        pin.Group.Configure(new GpioLineSettings { Direction = GpioDirection.Output, InitialLevel = true });
        Assert.Equal(["gpiochip3 4 0 PushPull PullDown a fake"], before);
        pin.IsGone = true;
        Assert.Throws<IOException>(() => pin.Group.Configure(new GpioLineSettings { Direction = GpioDirection.Output, SafeLevel = true }));
        Assert.Equal(["gpiochip3 4 0 PushPull PullDown a fake", "gpiochip3 4 1 PushPull PullUp a fake"], before);
        Assert.Equal(["gpiochip3 4 0 PushPull PullDown a fake"], Kept());
    }

    [Fact]
    public void A_level_that_is_driven_writes_nothing()
    {
        using RecordingRequest led = Take([4], new GpioLineSettings { Direction = GpioDirection.Output });
        File.Delete(_file);
        led.Toggle(1);
        led.Write(1, 0);
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void Lines_that_end_with_the_process_are_not_in_it()
    {
        using Testing.SimulatedBoard board = new();
        using GpioOutput led = board.OpenOutput(4);
        Assert.False(File.Exists(_file));
    }

    private static RecordingRequest Take(int[] lines, params GpioLineSettings[] settings)
    {
        RecordingRequest request = new(lines, settings) { Of = s_chip };
        HeldLines.Add(request);
        return request;
    }

    private string[] Kept() => UnlockedFile.Read(_file).TrimEnd('\n').Split('\n')[1..];
}
