using System.Device.Gpio;
using System.Diagnostics;
using Sprig.Devices.Buses;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Benchmarks;

/// <summary>PWM in software, 200 Hz at a duty cycle of 0.3, on a simulated line: how far each pulse is from its 1.5 ms.</summary>
internal static class SoftwarePwm
{
    private const int Line = 18;
    private const int Frequency = 200;
    private const double DutyCycle = 0.3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(5);

    internal static Measurement OnSprig() => CoroutineScheduler.Run(async () =>
    {
        SimulatedBoard board = new();
        using LoopPwmChannel channel = new(board.OpenOutput(Line), Frequency, DutyCycle);
        channel.Start();
        await Coroutine.Sleep(s_warmUp);
        Pulses pulses = new(board);
        await Coroutine.Sleep(s_measured);
        return pulses.Report(Workload.Sprig);
    });

    internal static Measurement OnDefault()
    {
        SimulatedBoard board = new();
        using GpioController controller = new(new SprigGpioDriver(board));
        using System.Device.Pwm.Drivers.SoftwarePwmChannel channel = new(Line, Frequency, DutyCycle, usePrecisionTimer: true, controller);
        channel.Start();
        Thread.Sleep(s_warmUp);
        Pulses pulses = new(board);
        Thread.Sleep(s_measured);
        return pulses.Report(Workload.Default);
    }

    private sealed class Pulses
    {
        private readonly List<double> _errors = new(2000);
        private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
        private readonly SimulatedBoard _board;
        private long _rose;

        internal Pulses(SimulatedBoard board)
        {
            _board = board;
            board.Changed += Note;
        }

        internal Measurement Report(string side)
        {
            _board.Changed -= Note;
            TimeSpan cpu = Environment.CpuUsage.TotalTime - _cpu;
            double[] sorted = [.. _errors.Order()];
            return new Measurement("pwm", side, sorted.Length, Measurement.Percentile(sorted, 0.5),
                Measurement.Detail("p99", Measurement.Percentile(sorted, 0.99)),
                Measurement.Detail("max", sorted[^1]),
                Measurement.Detail("cpu_ms", cpu.TotalMilliseconds));
        }

        private void Note(PinChange change)
        {
            long now = Stopwatch.GetTimestamp();
            if (change.Level)
                _rose = now;
            else if (_rose != 0)
                _errors.Add(Math.Abs(now - _rose - 1e9 / Frequency * DutyCycle));
        }
    }
}
