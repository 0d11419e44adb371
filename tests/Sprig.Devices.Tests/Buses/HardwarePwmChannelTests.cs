using System.Device.Pwm;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>HardwarePwmChannel around a fake channel, and without a chip.</summary>
public class HardwarePwmChannelTests
{
    private readonly FakeChannel _fake = new();

    [Fact]
    public void It_hands_on_what_it_is_told() => BusRun.Run(() =>
    {
        using HardwarePwmChannel pwm = new(_fake);
        pwm.Frequency = 50;
        pwm.DutyCycle = 0.075;
        pwm.Start();
        Assert.Equal((50, 0.075, true), (pwm.Frequency, pwm.DutyCycle, _fake.IsOn));
        pwm.Stop();
        Assert.False(_fake.IsOn);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_off_when_the_run_has_ended_though_nobody_disposed_of_it(bool inOneStep)
    {
        BusRun.Run(async () =>
        {
            new HardwarePwmChannel(_fake).Start();
            if (!inOneStep)
                await Coroutine.Sleep(TimeSpan.FromSeconds(1));
            Assert.True(_fake.IsOn);
        });
        Assert.False(_fake.IsOn);
    }

    [Fact]
    public void Disposed_of_it_is_given_back_once_and_refuses_to_start() => BusRun.Run(() =>
    {
        HardwarePwmChannel pwm = new(_fake, "PWM chip 0, channel 1");
        pwm.Start();
        pwm.Dispose();
        pwm.Dispose();
        Assert.Equal(1, _fake.Disposals);
        Assert.Equal("PWM chip 0, channel 1", Assert.Throws<ObjectDisposedException>(pwm.Start).ObjectName);
        return Task.CompletedTask;
    });

    [Fact]
    public void Its_end_throws_nothing_though_the_chip_is_gone() => BusRun.Run(() =>
    {
        HardwarePwmChannel pwm = new(_fake);
        _fake.IsGone = true;
        pwm.Dispose();
        Assert.Equal(1, _fake.Disposals);
        Assert.Throws<ObjectDisposedException>(pwm.Start);
        return Task.CompletedTask;
    });

    [Fact]
    public void Bad_input_is_refused() => BusRun.Run(async () =>
    {
        using HardwarePwmChannel pwm = new(_fake);
        Assert.Throws<ArgumentOutOfRangeException>(() => pwm.Frequency = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => pwm.DutyCycle = double.NaN);
        Assert.Throws<ArgumentOutOfRangeException>(() => HardwarePwmChannel.Create(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HardwarePwmChannel.Create(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HardwarePwmChannel.Create(0, 0, 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => HardwarePwmChannel.OpenAsync(0, 0, 400, 2));
        Assert.Throws<ArgumentNullException>(() => new HardwarePwmChannel(null!));
    });

    [Fact]
    public void A_chip_that_is_not_there_names_the_overlay() => BusRun.Run(async () =>
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => HardwarePwmChannel.Create(4711, 0));
        Assert.Contains("/sys/class/pwm/pwmchip4711", error.Message, StringComparison.Ordinal);
        Assert.Contains("dtoverlay=pwm-2chan", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(() => HardwarePwmChannel.OpenAsync(4711, 0));
    });

    private sealed class FakeChannel : PwmChannel
    {
        public override int Frequency { get; set; } = 400;

        public override double DutyCycle { get; set; } = 0.5;

        internal bool IsOn { get; private set; }

        internal int Disposals { get; private set; }

        internal bool IsGone { get; set; }

        public override void Start() => IsOn = true;

        public override void Stop() => IsOn = false;

        protected override void Dispose(bool disposing)
        {
            IsOn = false;
            Disposals++;
            if (IsGone)
                throw new IOException("No such device");
            base.Dispose(disposing);
        }
    }
}
