using System.Device.Gpio.Drivers;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks.Serial;
using Sprig.Devices.Drivers;

namespace Benchmarks;

/// <summary>The command line. See RESULTS.md.</summary>
internal static class Program
{
    private const string Usage = """
        usage: Benchmarks w1|w2|queue1|queue128|lock|w4|idle|pwm|memory [default]   one workload, on Sprig or on .NET's own way
               Benchmarks compare [--pairs 5] [WORKLOAD..] Sprig and the default in turn, each in a process of its own
               Benchmarks w6 TTYPATH burst|paced COUNT [sprig|default [WAY [WARM_UP_SECONDS]]]   lines of a tty
               Benchmarks ports32|idleport sprig|default   lines on 32 ports at once; an open port to which nothing comes
               Benchmarks compare [--pairs 5] serial       all of these on Sprig, on System.IO.Ports and in C (5 to 6 minutes)
               Benchmarks edges sprig|driver|default|limit edges of the emulated board's line 17 (hardware/emulator/quick/measure)
               Benchmarks lines32 sprig|driver|default    32 of its lines watched, and nothing happens
               Benchmarks micro [BenchmarkDotNet options]  the small ones
        """;

    private static int Main(string[] args)
    {
        // Where the reader's locale writes 1,5 the lines could not be taken apart again.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (typeof(Sprig.Scheduling.Coroutine).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            Console.Error.WriteLine("Sprig was built for debugging, and its figures are worth nothing: build with -c Release.");
            return 2;
        }

        switch (args)
        {
            case ["micro", .. string[] rest]:
                IConfig inThisProcess = DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default)
                    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
                BenchmarkSwitcher.FromTypes([typeof(MicroBenchmarks)]).Run(rest.Length == 0 ? ["--filter", "*"] : rest, inThisProcess);
                return 0;
            case ["compare", SerialComparison.Name]:
                return new SerialComparison(5).Run();
            case ["compare", "--pairs", string pairs, SerialComparison.Name]:
                return new SerialComparison(int.Parse(pairs)).Run();
            case ["compare", "--pairs", string pairs, .. string[] names]:
                return new Comparison(int.Parse(pairs)).Run(names);
            case ["compare", .. string[] names]:
                return new Comparison(5).Run(names);
            case ["edges", "limit"]:
                return Report(Edges.Measure("limit", count => new EdgeWatcher.InC(count)));
            case ["edges", Workload.Sprig]:
                return Report(Edges.Measure(Workload.Sprig, count => new EdgeWatcher.OnSprig(count)));
            case ["edges", "driver"]:
                return Report(Edges.Measure("driver", count => new EdgeWatcher.OnController(count, new SprigGpioDriver(new SprigGpioDriverOptions { EdgeBuffer = 1024 }))));
            case ["edges", Workload.Default]:
                return Report(Edges.Measure(Workload.Default, count => new EdgeWatcher.OnController(count, new LibGpiodDriver(Edges.Chip))));
            case ["lines32", string side]:
                return Report(IdleLines.Measure(side));
            case ["w6", .. string[] rest] when W6Lines.Run(rest) is { } measurement:
                return Report(measurement);
            case [LineSender.Subject, string terminals]:
                LineSender.Serve(int.Parse(terminals));
                return 0;
            case [ManyPorts.Name, string side]:
                return Report(ManyPorts.Measure(side));
            case [IdlePort.Name, string side]:
                return Report(IdlePort.Measure(side));
            case [IdlePort.Subject, string side]:
                IdlePort.Watch(side);
                return 0;
            case [Idle.Subject, string side]:
                Idle.Watch(side);
                return 0;
            case [IdleLines.Subject, string side]:
                IdleLines.Watch(side);
                return 0;
            case [string name] when Workload.Find(name) is { } workload:
                return Report(workload.OnSprig());
            case [string name, Workload.Default] when Workload.Find(name) is { } workload:
                return Report(workload.OnDefault());
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Report(Measurement measurement)
    {
        Console.WriteLine(measurement);
        if (measurement.Fault is null)
            return 0;
        Console.Error.WriteLine($"{measurement.Workload} {measurement.Side}: {measurement.Fault}");
        return 1;
    }
}
