using Sprig.IO;
using Sprig.Testing;
using Xunit;
using static Sprig.Programs.Tests.ProgramRun;

namespace Sprig.Programs.Tests;

[Collection(ProcessCollection.Name)]
public class BlinkTests
{
    private static readonly BlinkSettings s_settings = Settings.Read("blink", [], BlinkSettings.Read);

    [Fact]
    public void Each_LED_changes_at_its_own_beat_and_all_are_dark_at_the_end()
    {
        SimulatedBoard board = new();
        For(Seconds(1.7), board, () => Blink.RunAsync(board, s_settings));
        // The last change is the end's: those that are lit go dark.
        board.Pin(17).ShouldHaveToggledAt(Seconds(0), Seconds(0.25), Seconds(0.5), Seconds(0.75), Seconds(1), Seconds(1.25), Seconds(1.5), Seconds(1.7));
        board.Pin(22).ShouldHaveToggledAt(Seconds(0), Seconds(0.4), Seconds(0.8), Seconds(1.2), Seconds(1.6), Seconds(1.7));
        board.Pin(27).ShouldHaveToggledAt(Seconds(0), Seconds(0.65), Seconds(1.3), Seconds(1.7));
        Assert.All([17, 27, 22], line => Assert.False(board[line]));
    }

    [Fact]
    public void It_says_in_one_line_what_it_uses_and_nothing_more()
    {
        SimulatedBoard board = new();
        string[] said = For(Seconds(60), board, () => Blink.RunAsync(board, s_settings));
        Assert.Equal(["blink: a simulated board; LEDs on 17 (0.25 s), 22 (0.4 s), 27 (0.65 s)"], said);
    }

    [Fact]
    public void Other_lines_blink_where_they_are_given()
    {
        SimulatedBoard board = new();
        BlinkSettings settings = Settings.Read("blink", ["--leds:5", "2"], BlinkSettings.Read);
        For(Seconds(5), board, () => Blink.RunAsync(board, settings));
        board.Pin(5).ShouldHaveToggledAt(Seconds(0), Seconds(2), Seconds(4), Seconds(5));
        Assert.Empty(board.ChangesOf(17));
    }

    [Fact]
    public void A_line_that_another_holds_ends_it_with_all_LEDs_dark()
    {
        SimulatedBoard board = new();
        AggregateException error;
        using (board.OpenOutput(27, new GpioOutputOptions { Consumer = "another" }))
            error = Assert.Throws<AggregateException>(() => For(Seconds(1), board, () => Blink.RunAsync(board, s_settings)));
        Assert.Contains("another", Assert.IsType<IOException>(Assert.Single(error.InnerExceptions)).Message, StringComparison.Ordinal);
        Assert.False(board[17]);
        Assert.Equal(0, board.HeldLines);
    }
}
