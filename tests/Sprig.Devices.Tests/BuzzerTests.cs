using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class BuzzerTests
{
    [Fact]
    public void It_sounds_until_it_is_turned_off() => Run(run =>
    {
        RecordingPwm pwm = new();
        Buzzer buzzer = new(pwm);
        pwm.Take();
        buzzer.Sound(Tone.PitchOf("A4"));
        Assert.True(buzzer.IsSounding);
        buzzer.Off();
        Assert.False(buzzer.IsSounding);
        buzzer.Sound(1000);
        buzzer.Dispose();
        Assert.Equal(["0 440 Hz", "0 duty 0.5", "0 duty 0", "0 1000 Hz", "0 duty 0.5", "0 duty 0", "0 stop"], pwm.Take());
        Assert.Throws<ObjectDisposedException>(() => buzzer.Sound(1000));
        Assert.Throws<ObjectDisposedException>(() => buzzer.Beep());
        Assert.Throws<ObjectDisposedException>(() => { _ = buzzer.PlayAsync("x:d=4,o=5,b=60:c"); });
        return Task.CompletedTask;
    });

    [Fact]
    public void It_beeps_in_the_background() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using Buzzer buzzer = new(pwm);
        pwm.Take();
        await buzzer.Beep(2000, Seconds(0.1), Seconds(0.3), count: 2);
        Assert.Equal(
            ["0 2000 Hz", "0 duty 0.5", "0.1 duty 0", "0.4 2000 Hz", "0.4 duty 0.5", "0.5 duty 0"], pwm.Take());
        Coroutine beep = buzzer.Beep();
        await Coroutine.Sleep(Seconds(0.1));
        await beep.KillAsync();
        Assert.False(buzzer.IsSounding);
    });

    [Fact]
    public void It_plays_a_ring_tone() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using Buzzer buzzer = new(pwm);
        pwm.Take();
        await buzzer.PlayAsync("test:d=4,o=5,b=120:a,8p,8a.,2a6");
        Assert.Equal(
            ["0 880 Hz", "0 duty 0.5", "0.5 duty 0", "0.75 880 Hz", "0.75 duty 0.5", "1.125 1760 Hz", "1.125 duty 0.5", "2.125 duty 0"],
            pwm.Take());
    });

    [Fact]
    public void A_write_ends_a_tune_and_so_does_the_end_of_its_listener() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using Buzzer buzzer = new(pwm);
        Tone[] tune = [new(500, Seconds(1)), new(0, Seconds(1)), new(700, Seconds(10))];
        Coroutine player = Coroutine.Spawn(() => buzzer.PlayAsync(tune));
        await Coroutine.Sleep(Seconds(2.5));
        Assert.Equal(700, pwm.Frequency);
        buzzer.Off();
        await player;
        Assert.False(await Deadline.TryRunAsync(Seconds(0.5), () => buzzer.PlayAsync(tune)));
        Assert.False(buzzer.IsSounding);
        await buzzer.PlayAsync([]);
        Assert.Equal(Seconds(3), run.Clock.Elapsed);
    });

    [Theory]
    [InlineData("A4", 440)]
    [InlineData("C4", 261.6256)]
    [InlineData("c#5", 554.3653)]
    [InlineData("Bb3", 233.0819)]
    [InlineData("B0", 30.8677)]
    [InlineData("C9", 8372.018)]
    [InlineData("Cb4", 246.9417)]
    public void Notes_have_pitches(string note, double hertz) => Assert.Equal(hertz, Tone.PitchOf(note), 0.001);

    [Theory]
    [InlineData("H4")]
    [InlineData("A")]
    [InlineData("A44")]
    [InlineData("Ax4")]
    [InlineData("-4")]
    [InlineData("A##4")]
    [InlineData("4")]
    public void What_is_no_note_is_told(string note)
        => Assert.Contains($"'{note}' is no note", Assert.Throws<FormatException>(() => Tone.PitchOf(note)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("name only")]
    [InlineData("a:b")]
    [InlineData("x:q=3:c")]
    [InlineData("x:d=0:c")]
    [InlineData("x:d=4:h")]
    [InlineData("x:d=4:4")]
    [InlineData("x:b=fast:c")]
    [InlineData("x:d=4,o=12:c")]
    public void What_is_no_tune_is_told(string tune) => Assert.Throws<FormatException>(() => Tone.ParseRtttl(tune));

    [Fact]
    public void A_tune_takes_its_defaults_from_the_format() => Assert.Equal(
        [new Tone(Tone.PitchOf("C6"), TimeSpan.FromMinutes(1.0 / 63)), new Tone(0, TimeSpan.FromMinutes(2.0 / 63))],
        Tone.ParseRtttl("x::c,2p"));

    [Fact]
    public void Pitches_that_it_cannot_make_are_told_before_anything_sounds() => Run(run =>
    {
        RecordingPwm pwm = new();
        using Buzzer buzzer = new(pwm);
        pwm.Take();
        foreach (double hertz in (double[])[0, -1, 30_000, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => buzzer.Sound(hertz));
            Assert.Throws<ArgumentOutOfRangeException>(() => buzzer.Beep(hertz));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = buzzer.PlayAsync([new Tone(500, Seconds(1)), new Tone(-5, Seconds(1))]); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = buzzer.PlayAsync([new Tone(500, Seconds(-1))]); });
        Assert.Throws<ArgumentException>(() => buzzer.Beep(500, TimeSpan.Zero, TimeSpan.Zero));
        Assert.Empty(pwm.Take());
        return Task.CompletedTask;
    });

    [Fact]
    public void On_a_line_pitches_end_at_1000_Hz_and_that_is_told_before_anything_sounds() => Run(async run =>
    {
        using Buzzer buzzer = new(run.Board, 17);
        Coroutine beep = buzzer.Beep(500, Seconds(10));
        await Coroutine.Sleep(Seconds(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buzzer.Sound(1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => buzzer.Beep(2000));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = buzzer.PlayAsync([new Tone(500, Seconds(1)), new Tone(1500, Seconds(1))]); });
        await Coroutine.Sleep(Seconds(1));
        Assert.True(beep.IsAlive && buzzer.IsSounding);
        buzzer.Sound(1000);
    });
}
