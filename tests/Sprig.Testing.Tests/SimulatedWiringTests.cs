using Sprig.IO;
using Xunit;

namespace Sprig.Testing.Tests;

/// <summary>What acts on a pin, and on pins that are wired together.</summary>
public sealed class SimulatedWiringTests : IDisposable
{
    private static readonly GpioOutputOptions s_openDrain = new() { Drive = GpioDrive.OpenDrain, InitialLevel = true, SafeLevel = true };
    private static readonly GpioOutputOptions s_openSource = new() { Drive = GpioDrive.OpenSource };
    private readonly SimulatedBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public void Wired_pins_have_one_level() => SimulatedBoardTests.Run(async (board, _) =>
    {
        board.Connect(17, 22, 5);
        using GpioOutput output = board.OpenOutput(17);
        using GpioInput input = board.OpenInput(22);
        output.Write(true);
        Assert.Equal((true, true, true), (board[17], board[22], board[5]));
        Assert.True((await input.WaitForEdgeAsync()).IsRising);
        output.Write(false);
        Assert.False((await input.WaitForEdgeAsync()).IsRising);
        Assert.Empty(board.Conflicts);
    });

    [Fact]
    public void A_wire_to_what_is_driven_carries_its_level_at_once()
    {
        using GpioOutput output = _board.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
        _board.Connect(3, 4);
        _board.Connect(4, 17);
        Assert.True(_board[3]);
        _board.Connect(17, 3);
        output.Write(false);
        Assert.False(_board[3]);
        Assert.Equal([true, false], _board.ChangesOf(3).Select(change => change.Level));
    }

    [Fact]
    public void Open_drains_with_a_pull_up_are_a_wired_and()
    {
        _board.Connect(1, 2, 3);
        using GpioOutput one = _board.OpenOutput(1, s_openDrain), two = _board.OpenOutput(2, s_openDrain);
        using GpioInput line = _board.OpenInput(3, new GpioInputOptions { Bias = GpioBias.PullUp });
        List<bool> levels = [];
        foreach ((bool a, bool b) in ((bool, bool)[])[(true, true), (false, true), (false, false), (true, false), (true, true)])
        {
            one.Write(a);
            two.Write(b);
            levels.Add(line.Read());
        }

        Assert.Equal([true, false, false, false, true], levels);
        Assert.Empty(_board.Conflicts);
    }

    [Fact]
    public void Open_sources_with_a_pull_down_are_a_wired_or()
    {
        _board.Connect(1, 2);
        using GpioOutput one = _board.OpenOutput(1, s_openSource with { Bias = GpioBias.PullDown }), two = _board.OpenOutput(2, s_openSource);
        Assert.False(_board[1]);
        one.Write(true);
        Assert.True(_board[2]);
        two.Write(true);
        one.Write(false);
        Assert.True(_board[2]);
        two.Write(false);
        Assert.False(_board[2]);
        Assert.Empty(_board.Conflicts);
    }

    [Fact]
    public void An_open_drain_may_be_read_while_it_lets_go()
    {
        using GpioLineGroup data = _board.OpenLines(
            [4], new GpioLineSettings { Direction = GpioDirection.Output, Drive = GpioDrive.OpenDrain, Bias = GpioBias.PullUp, InitialLevel = true, SafeLevel = null });
        Assert.True(data.Read(4));
        _board.Drive(4, false);
        Assert.False(data.Read(4));
        Assert.Empty(_board.Conflicts);
    }

    [Fact]
    public void Two_outputs_against_each_other_are_a_conflict_that_names_them()
    {
        _board.Connect(1, 2);
        using GpioOutput one = _board.OpenOutput(1, new GpioOutputOptions { Consumer = "heater" });
        using GpioOutput two = _board.OpenOutput(2, new GpioOutputOptions { Consumer = "cooler" });
        Assert.Empty(_board.Conflicts);
        one.Write(true);
        one.Write(true);
        Assert.False(_board[1]);
        Assert.Equal("line 1 of 'heater' drives high, line 2 of 'cooler' drives low", Assert.Single(_board.Conflicts).What);
        two.Write(true);
        Assert.True(_board[1]);
        two.Write(false);
        Assert.Equal(2, _board.Conflicts.Count);
    }

    [Fact]
    public void A_button_to_ground_on_an_output_that_is_high_is_a_conflict()
    {
        using GpioOutput output = _board.OpenOutput(1, new GpioOutputOptions { InitialLevel = true });
        _board.Pin(1).Press();
        Assert.True(_board[1]);
        Assert.Contains("closed contact to low", Assert.Single(_board.Conflicts).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resistor_on_the_board_is_stronger_than_the_chips_and_weaker_than_a_driver()
    {
        SimulatedPin pin = _board.Pin(4);
        pin.Pull(GpioBias.PullUp);
        using GpioInput input = _board.OpenInput(4, new GpioInputOptions { Bias = GpioBias.PullDown });
        Assert.True(input.Read());
        pin.Drive(false);
        Assert.False(input.Read());
        pin.Float();
        Assert.True(input.Read());
        pin.Pull(GpioBias.AsIs);
        Assert.False(input.Read());
    }

    [Fact]
    public void A_wire_has_two_ends_that_are_there()
    {
        Assert.Throws<ArgumentException>(() => _board.Connect(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _board.Connect(1, 28));
        Assert.Throws<ArgumentNullException>(() => _board.Connect(null!));
    }

    [Fact]
    public void A_chip_without_resistors_refuses_every_bias_and_leaves_nothing_taken()
    {
        SimulatedBoard board = new() { HasBias = false };
        IOException error = Assert.Throws<IOException>(() => board.OpenInput(4, new GpioInputOptions { Bias = GpioBias.PullUp }));
        Assert.StartsWith("take line 4 of the simulated board: the chip refuses these settings: it may lack the bias PullUp, interrupts", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, board.HeldLines);
        using GpioLineGroup group = board.OpenLines([4, 5]);
        Assert.Throws<IOException>(() => group.Configure(5, new GpioLineSettings { Bias = GpioBias.PullDown }));
        Assert.Equal(GpioBias.AsIs, group.Settings[1].Bias);
    }

    [Fact]
    public void A_line_taken_as_it_is_is_looked_at_and_not_driven()
    {
        _board.Drive(4, true);
        using GpioLineGroup group = _board.OpenLines([4], new GpioLineSettings { Direction = GpioDirection.AsIs });
        Assert.True(group.Read(4));
        Assert.Contains("no output", Assert.Throws<InvalidOperationException>(() => group.Write(4, false)).Message, StringComparison.Ordinal);
    }
}
