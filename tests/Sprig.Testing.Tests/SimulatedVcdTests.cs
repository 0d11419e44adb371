using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class SimulatedVcdTests
{
    [Fact]
    public void A_run_is_written_as_a_logic_analyzer_reads_it() => SimulatedBoardTests.Run(async (board, _) =>
    {
        board.Rename(22, "push button");
        board.Drive(22, true);
        using GpioOutput led = board.OpenOutput(17);
        using GpioInput quiet = board.OpenInput(5);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(250));
        led.Toggle();
        board.Drive(22, false);
        await Coroutine.Sleep(TimeSpan.FromTicks(1));
        led.Toggle();
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        StringWriter text = new() { NewLine = "\r\n" };
        board.WriteVcd(text);
        Assert.Equal(
            """
            $version Sprig $end
            $timescale 1 ns $end
            $scope module simulated $end
            $var wire 1 ! GPIO5 $end
            $var wire 1 " GPIO17 $end
            $var wire 1 # push_button $end
            $upscope $end
            $enddefinitions $end
            #0
            $dumpvars
            0!
            0"
            0#
            $end
            1#
            #250000000
            1"
            0#
            #250000100
            0"
            #1250000100

            """.ReplaceLineEndings("\n"),
            text.ToString());
    });

    [Fact]
    public void It_goes_into_a_file_too()
    {
        SimulatedBoard board = new(lineCount: 2, name: "two lines");
        string path = Path.GetTempFileName();
        try
        {
            board.WriteVcd(path);
            Assert.Equal(
                "$version Sprig $end\n$timescale 1 ns $end\n$scope module two_lines $end\n$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n$end\n",
                File.ReadAllText(path));
            Assert.Throws<ArgumentNullException>(() => board.WriteVcd((TextWriter)null!));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void More_lines_than_there_are_letters_have_codes_of_two()
    {
        SimulatedBoard board = new(lineCount: 200);
        for (int line = 0; line < 200; line++)
            board.Drive(line, true);
        StringWriter text = new();
        board.WriteVcd(text);
        string[] codes = [.. text.ToString().Split('\n').Where(line => line.StartsWith("$var", StringComparison.Ordinal)).Select(line => line.Split(' ')[3])];
        Assert.Equal(200, codes.Distinct().Count());
        Assert.Equal(["~", "!!", "!\""], codes[93..96]);
        Assert.Equal("\"!", codes[188]);
    }

    [Fact]
    public void What_came_before_any_run_counts_for_its_beginning()
    {
        SimulatedBoard board = new(lineCount: 2);
        board.Drive(0, true);
        CoroutineScheduler.Run(async () =>
        {
            await Coroutine.Sleep(TimeSpan.FromSeconds(1));
            board.Drive(1, true);
        }, new SchedulerOptions { Clock = new TestClock() });
        StringWriter text = new();
        board.WriteVcd(text);
        Assert.EndsWith("$end\n1!\n#1000000000\n1\"\n", text.ToString(), StringComparison.Ordinal);
    }
}
