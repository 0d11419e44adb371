using Sprig.Cli.SafeState;
using Sprig.IO;
using Sprig.Testing;
using Xunit;

namespace Sprig.Cli.Tests.SafeState;

/// <summary>What sprig safe-state does to pins, and says.</summary>
public sealed class PinRescueTests : IDisposable
{
    private const string Rows = "sprig safe-state 1\ngpiochip0 17 0 PushPull PullDown a board\ngpiochip0 27 1 PushPull PullUp a board\ngpiochip0 4 0 PushPull PullDown a board\n";
    private readonly string _file = Path.GetTempFileName();
    private readonly SimulatedBoard _board = new(label: "a board");
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public PinRescueTests()
    {
        File.WriteAllText(_file, Rows);
        foreach (int line in (int[])[17, 27, 4])
        {
            _board.Drive(line, line != 27);
            _board.Pin(line).Float();
        }
    }

    public void Dispose()
    {
        _board.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void Each_pin_gets_its_level_and_the_file_is_done()
    {
        Assert.Equal(0, Run());
        Assert.Equal("GPIO17 of a board: 0\nGPIO27 of a board: 1\nGPIO4 of a board: 0\n", $"{_output}");
        Assert.Equal("", $"{_errors}");
        Assert.Equal((false, true, false), (_board[17], _board[27], _board[4]));
        Assert.Equal(0, _board.HeldLines);
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void One_that_another_holds_is_told_with_its_holder_and_stops_no_other()
    {
        _board.Reserve(27, "other");
        Assert.Equal(1, Run());
        Assert.Equal("GPIO17 of a board: 0\nGPIO4 of a board: 0\n", $"{_output}");
        Assert.StartsWith("line 27 of a board: line 27 of the simulated board is held by 'other'", $"{_errors}", StringComparison.Ordinal);
        Assert.Equal(Rows, File.ReadAllText(_file));
        _board.Free(27);
        Assert.Equal(0, Run());
        Assert.True(_board[27]);
    }

    [Fact]
    public void One_that_does_not_stay_is_told()
    {
        _board.Pin(4).Pull(GpioBias.PullUp);
        Assert.Equal(1, Run());
        Assert.StartsWith("GPIO4 of a board: 0 was driven, but it is 1 since", $"{_errors}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_a_name_is_told_by_its_number()
    {
        _board.Rename(17, "");
        Assert.Equal(0, Run());
        Assert.StartsWith("line 17 of a board: 0\n", $"{_output}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_chip_that_lacks_the_line_or_is_gone_is_told()
    {
        File.WriteAllText(_file, "sprig safe-state 1\ngpiochip0 99 0 PushPull PullDown a board\n");
        Assert.Equal(1, Run());
        Assert.StartsWith("line 99 of a board: ", $"{_errors}", StringComparison.Ordinal);
        Assert.Equal(1, new PinRescue(_output, _errors, _ => throw new FileNotFoundException("no such chip")).Run(_file));
        Assert.EndsWith("line 99 of a board: no such chip\n", $"{_errors}", StringComparison.Ordinal);
    }

    private int Run() => new PinRescue(_output, _errors, _ => _board).Run(_file);
}
