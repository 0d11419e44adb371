using Sprig.Cli.Gpio;
using Sprig.Cli.Tests.Examples;
using Sprig.IO;
using Sprig.Testing;
using Xunit;

namespace Sprig.Cli.Tests.Gpio;

/// <summary>What the commands do to pins, and say, in virtual time.</summary>
public class PinRunTests
{
    private readonly Captured _run = new();
    private readonly SimulatedBoard _board = new();
    private readonly PinSource _pins;

    public PinRunTests() => _pins = PinSource.Simulate(_board);

    [Fact]
    public void Set_drives_for_the_time_and_then_to_the_safe_level()
    {
        new LevelSetting(_run.Output, _pins, [("P11", true), ("27", false)], TimeSpan.FromSeconds(5)).Run(_run.Options);
        Assert.Equal(["GPIO17=1 GPIO27=0; held for 5 s", "GPIO17=0 GPIO27=0: given back"], _run.Lines);
        Assert.Equal(TimeSpan.FromSeconds(5), _run.Clock.Elapsed);
        PinChange[] changes = [.. _board.ChangesOf(17)];
        Assert.Equal([true, false], changes.Select(change => change.Level));
        Assert.Equal(TimeSpan.FromSeconds(5), changes[1].Time - changes[0].Time);
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void Set_keeps_the_level_where_that_is_wished()
    {
        new LevelSetting(_run.Output, _pins, [("P11", true)], TimeSpan.FromSeconds(1)) { Options = new GpioOutputOptions { SafeLevel = null } }.Run(_run.Options);
        Assert.Equal("GPIO17=1 (kept, if the chip does): given back", _run.Lines[^1]);
        Assert.True(_board[17]);
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void A_set_that_cannot_have_all_pins_gives_back_those_that_it_had()
    {
        using GpioOutput other = _board.OpenOutput(27, new GpioOutputOptions { Consumer = "other" });
        IOException e = Assert.Throws<IOException>(
            () => new LevelSetting(_run.Output, _pins, [("P11", true), ("P13", true)], TimeSpan.FromSeconds(1)).Run(_run.Options));
        Assert.Contains("'other'", e.Message, StringComparison.Ordinal);
        Assert.False(_board[17]);
        Assert.Equal(1, _board.HeldLines);
        Assert.Equal("", _run.Text);
    }

    [Fact]
    public void Blink_is_on_time_and_off_at_the_end()
    {
        new PinBlinking(_run.Output, _pins, "GPIO17") { On = TimeSpan.FromSeconds(0.1), Off = TimeSpan.FromSeconds(0.9), Count = 3 }.Run(_run.Options);
        Assert.Equal(["GPIO17: 0.1 s on, 0.9 s off; 3 times", "GPIO17: 3 blinks; off"], _run.Lines);
        PinChange[] changes = [.. _board.ChangesOf(17)];
        Assert.Equal([true, false, true, false, true, false], changes.Select(change => change.Level));
        Assert.Equal([0, 100, 1000, 1100, 2000, 2100], changes.Select(change => (change.Time - changes[0].Time).TotalMilliseconds));
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void Watch_shows_edges_with_their_stamps_until_the_count()
    {
        new EdgeWatch(_run.Output, _pins, ["P11", "P13"]) { Count = 3 }.Run(_run.Options);
        Assert.Equal("watching GPIO17, GPIO27; Ctrl+C ends it", _run.Lines[0]);
        Assert.Matches(@"^\d+\.\d{6}  GPIO17  rising  #1$", _run.Lines[1]);
        Assert.Matches(@"^\d+\.\d{6}  GPIO27  rising  #1$", _run.Lines[2]);
        Assert.Matches(@"^\d+\.\d{6}  GPIO17  falling  #2$", _run.Lines[3]);
        Assert.Equal("3 edges, 0 lost", _run.Lines[4]);
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void Watch_ends_with_its_time_and_shows_one_kind_of_edges()
    {
        new EdgeWatch(_run.Output, _pins, ["P11"]) { Length = TimeSpan.FromSeconds(2.25), Options = new GpioInputOptions { Edges = GpioEdges.Falling } }.Run(_run.Options);
        Assert.All(_run.Lines[1..^1], line => Assert.Contains("falling", line, StringComparison.Ordinal));
        Assert.Equal("2 edges, 0 lost", _run.Lines[^1]);
    }

    [Fact]
    public void Watch_says_how_many_edges_were_lost()
    {
        // Two places for edges, and twenty at once before anybody looks.
        _board.Changed += BurstOnce;
        new EdgeWatch(_run.Output, _pins, ["P11"]) { Length = TimeSpan.FromSeconds(0.75), Options = new GpioInputOptions { EdgeBuffer = 2 } }.Run(_run.Options);
        Assert.Contains("19 edges lost", _run.Lines);
        Assert.Equal("2 edges, 19 lost", _run.Lines[^1]);
    }

    [Fact]
    public void A_watch_that_cannot_have_a_pin_gives_back_the_others()
    {
        Assert.Throws<ArgumentException>(() => new EdgeWatch(_run.Output, _pins, ["P11", "P1"]).Run(_run.Options));
        Assert.Equal(0, _board.HeldLines);
        Assert.Equal("", _run.Text);
    }

    [Fact]
    public void List_shows_who_holds_a_line_and_how_it_is_set()
    {
        using GpioOutput led = _board.OpenOutput(17, new GpioOutputOptions { Consumer = "blinker", ActiveLow = true, Drive = GpioDrive.OpenDrain, Bias = GpioBias.PullUp });
        using GpioInput button = _board.OpenInput(4, new GpioInputOptions { Consumer = "door", Bias = GpioBias.PullDown, Debounce = TimeSpan.FromMilliseconds(2.5) });
        LineList.List(_run.Output, _board);
        Assert.Equal("    4  GPIO4   input   door     pull-down, both edges, debounced 2.5 ms", _run.Lines[5]);
        Assert.Equal("   17  GPIO17  output  blinker  active-low, pull-up, open-drain", _run.Lines[18]);
        Assert.Equal("   18  GPIO18  input   -", _run.Lines[19]);
    }

    private void BurstOnce(PinChange change)
    {
        _board.Changed -= BurstOnce;
        for (int i = 0; i < 20; i++)
            _board.Drive(17, !_board[17]);
    }
}
