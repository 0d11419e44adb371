using System.Device.Gpio;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Sprig.IO;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>One that takes the edges of <see cref="Edges.Line"/> and notes when.</summary>
internal abstract class EdgeWatcher(int count) : IDisposable
{
    private readonly long[] _stamps = new long[count];
    private volatile int _seen;

    internal virtual int Seen => _seen;

    internal virtual ReadOnlySpan<long> Stamps => _stamps.AsSpan(0, _seen);

    internal virtual long Lost => 0;

    internal virtual TimeSpan Cpu => Environment.CpuUsage.TotalTime;

    internal virtual int Threads => ThreadTable.Of(Environment.ProcessId).Count;

    public abstract void Dispose();

    private protected void Note()
    {
        if (_seen < _stamps.Length)
        {
            _stamps[_seen] = Stopwatch.GetTimestamp();
            _seen++;
        }
    }

    /// <summary>A coroutine on an input of Sprig's.</summary>
    internal sealed class OnSprig : EdgeWatcher
    {
        private readonly SchedulerThread _loop;
        private GpioInput? _input;

        internal OnSprig(int count)
            : base(count)
        {
            using ManualResetEventSlim ready = new();
            _loop = CoroutineScheduler.Start(() => TakeAsync(ready), new SchedulerThreadOptions { Scheduler = new SchedulerOptions { HandleSignals = false } });
            ready.Wait();
        }

        internal override long Lost => _input!.LostEdges;

        public override void Dispose()
        {
            _loop.Kill();
            try
            {
                _loop.Join();
            }
            catch (CoroutineKilledException)
            {
                // As asked.
            }
        }

        private async Task TakeAsync(ManualResetEventSlim ready)
        {
            using GpioChip chip = GpioChip.OpenBoard()!;
            using GpioInput input = chip.OpenInput(Edges.Line, new GpioInputOptions { EdgeBuffer = 1024 });
            _input = input;
            ready.Set();
            while (true)
            {
                await input.WaitForEdgeAsync();
                Note();
            }
        }
    }

    /// <summary>A callback of a GpioController.</summary>
    internal sealed class OnController : EdgeWatcher
    {
        private readonly GpioController _controller;

        internal OnController(int count, GpioDriver driver)
            : base(count)
        {
            _controller = new GpioController(driver);
            _controller.OpenPin(Edges.Line, PinMode.Input);
            _controller.RegisterCallbackForPinValueChangedEvent(Edges.Line, PinEventTypes.Rising | PinEventTypes.Falling, (_, _) => Note());
        }

        public override void Dispose() => _controller.Dispose();
    }

    /// <summary>A C program.</summary>
    internal sealed class InC : EdgeWatcher
    {
        private readonly string _file = Path.Combine(Path.GetTempPath(), "seen");
        private readonly Process _process;
        private readonly int _count;
        private long[] _all = [];
        private long _lost;
        private TimeSpan _cpu;

        internal InC(int count)
            : base(0)
        {
            _count = count;
            _process = Edges.StartTool("watch", $"/dev/{Environment.GetEnvironmentVariable("SPRIG_EMULATED_CHIP")}", $"{Edges.Line}", $"{count}", _file);
            _process.StandardOutput.ReadLine();
        }

        internal override int Seen
        {
            get
            {
                if (_all.Length == 0 && _process.StandardOutput.ReadLine()?.Split(' ') is [_, { } lost, { } cpu])
                {
                    (_lost, _cpu) = (long.Parse(lost), TimeSpan.FromMicroseconds(long.Parse(cpu) / 1000.0));
                    _process.WaitForExit();
                    _all = MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(_file)).ToArray();
                }

                return _all.Length;
            }
        }

        internal override ReadOnlySpan<long> Stamps => _all;

        internal override long Lost => _lost;

        internal override TimeSpan Cpu => _cpu;

        internal override int Threads => 1;

        public override void Dispose()
        {
            _process.Kill();
            _process.Dispose();
        }
    }
}
