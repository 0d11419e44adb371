using Iot.Device.CharacterLcd;
using Sprig.Devices.Buses;
using Sprig.Devices.Tests.Bindings.Chips;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class CharacterLcdTests
{
    private const int Rs = 25, Enable = 24, Backlight = 12;
    private static readonly int[] s_data = [23, 17, 18, 22];

    [Fact]
    public void It_writes_from_its_lane_what_the_controller_of_the_display_reads_at_its_pins() => Proof.Run(async proof =>
    {
        Hd44780Chip display = new(proof.Board, Rs, Enable, s_data);
        proof.Board.Changed += _ => proof.Hold();
        using Lane lane = new("lcd");
        using Lcd1602 lcd = await proof.InLane(lane, () => Open(proof));
        Assert.True(display.IsOn);
        Assert.True(display.HasTwoLines);
        Assert.True(proof.Board[Backlight]);
        await proof.InLane(lane, () =>
        {
            lcd.Clear();
            lcd.Write("Hello, Sprig!");
            lcd.SetCursorPosition(4, 1);
            lcd.Write("23.5");
            lcd.Write([(char)0xDF]);
            return true;
        });
        Assert.Equal("Hello, Sprig!   ", display.Row(0));
        Assert.Equal("    23.5?", display.Row(1, 9));
        await proof.InLane(lane, () =>
        {
            lcd.CreateCustomCharacter(3, [0, 10, 31, 31, 14, 4, 0, 0]);
            lcd.Clear();
            lcd.Write("\u0003");
            lcd.DisplayOn = false;
            return true;
        });
        Assert.Equal([0, 10, 31, 31, 14, 4, 0, 0], display.Character(3));
        Assert.Equal("\u0003               ", display.Row(0));
        Assert.False(display.IsOn);
        // Nothing came while the controller was busy with what came before, and nothing from the loop's thread.
        Assert.Equal(0, display.Early);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, display.Threads);
    });

    private static Lcd1602 Open(Proof proof)
        => new(Rs, Enable, s_data, Backlight, controller: proof.Controller, shouldDispose: false);
}
