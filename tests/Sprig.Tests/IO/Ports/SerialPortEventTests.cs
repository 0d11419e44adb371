using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortEventTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void In_a_run_data_is_told_on_the_loop_and_the_handler_reads_it() => SerialLoop.Run(async (terminal, port) =>
    {
        int loop = Environment.CurrentManagedThreadId;
        string text = "";
        port.DataReceived += (sender, e) =>
        {
            Assert.Equal((port, SerialData.Chars, loop), (sender, e.EventType, Environment.CurrentManagedThreadId));
            text += port.ReadExisting();
        };
        await SerialLoop.Send(terminal, "one");
        await SerialLoop.Until(() => text == "one");
        await SerialLoop.Send(terminal, "two");
        await SerialLoop.Until(() => text == "onetwo");
    });

    [Fact]
    public void Without_a_run_data_is_told_on_one_thread_for_all_ports()
    {
        using PseudoTerminal first = PseudoTerminal.Open();
        using PseudoTerminal second = PseudoTerminal.Open();
        using SerialPort port = new(first.DevicePath);
        using SerialPort other = new(second.DevicePath);
        using CountdownEvent told = new(2);
        HashSet<(string?, int)> threads = [];
        foreach (SerialPort one in new[] { port, other })
        {
            // Before it is opened, or after: both are usual.
            if (one == other)
                one.Open();
            one.DataReceived += (sender, e) =>
            {
                if (one.ReadExisting().Length == 0)
                    return;
                lock (threads)
                    threads.Add((Thread.CurrentThread.Name, Environment.CurrentManagedThreadId));
                told.Signal();
            };
            if (one == port)
                one.Open();
        }

        first.Write("x"u8);
        second.Write("x"u8);
        Assert.True(told.Wait(s_patience));
        Assert.Equal("sprig-serial", Assert.Single(threads).Item1);
    }

    [Fact]
    public void A_plain_program_closes_and_opens_again_at_once_and_hears_of_the_new_data_alone() => SerialLoop.RunPlain((terminal, port) =>
    {
        for (int i = 0; i < 5; i++)
        {
            using ManualResetEventSlim told = new();
            string line = "";
            void Handle(object sender, SerialDataReceivedEventArgs e)
            {
                line = port.ReadLine();
                told.Set();
            }

            port.DataReceived += Handle;
            terminal.Write("line\n"u8);
            Assert.True(told.Wait(s_patience));
            Assert.Equal("line", line);
            port.Close();
            port.DataReceived -= Handle;
            port.Open();
        }
    });

    [Fact]
    public void Data_is_told_when_there_is_enough() => SerialLoop.Run(async (terminal, port) =>
    {
        int told = 0;
        port.ReceivedBytesThreshold = 4;
        port.DataReceived += (sender, e) => told++;
        await SerialLoop.Send(terminal, "abc");
        await SerialLoop.Until(() => port.BytesToRead == 3);
        await Coroutine.Sleep(TimeSpan.FromMicroseconds(500));
        Assert.Equal(0, told);
        // What is there is enough when less is wanted.
        port.ReceivedBytesThreshold = 3;
        await SerialLoop.Until(() => told > 0);
        int before = told;
        await SerialLoop.Send(terminal, "d");
        await SerialLoop.Until(() => told > before && port.BytesToRead == 4);
        Assert.Equal("abcd", port.ReadExisting());
    });

    [Fact]
    public void A_handler_that_throws_is_reported_and_stops_nothing()
    {
        StringWriter errors = new();
        CoroutineScheduler.Run(
            async () =>
            {
                using PseudoTerminal terminal = PseudoTerminal.Open();
                using SerialPort port = SerialPort.Open(terminal.DevicePath);
                int told = 0;
                port.DataReceived += (sender, e) => throw new InvalidOperationException("a mistake of the handler's");
                port.DataReceived += (sender, e) => told += port.ReadExisting().Length;
                await SerialLoop.Send(terminal, "x");
                await SerialLoop.Until(() => told == 1);
                await SerialLoop.Send(terminal, "x");
                await SerialLoop.Until(() => told == 2);
            },
            new SchedulerOptions { HandleSignals = false, ErrorOutput = errors });
        Assert.Contains("a mistake of the handler's", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_awaited_read_and_DataReceived_exclude_each_other() => SerialLoop.Run(async (terminal, port) =>
    {
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadLineAsync());
        await IoLoop.UntilBlocked(reader);
        static void Handle(object sender, SerialDataReceivedEventArgs e)
        {
        }

        Assert.Throws<InvalidOperationException>(() => port.DataReceived += Handle);
        await reader.KillAsync();
        port.DataReceived += Handle;
        InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await port.ReadAsync(new byte[1]));
        Assert.Contains("DataReceived", error.Message, StringComparison.Ordinal);
        await IoLoop.Throws<InvalidOperationException>(async () => await port.ReadLineAsync());
        port.DataReceived -= Handle;
        await SerialLoop.Send(terminal, "read\n");
        Assert.Equal("read", await port.ReadLineAsync());
    });

    [Fact]
    public void The_end_is_told_once() => IoLoop.Run(async () =>
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        List<SerialData> told = [];
        port.DataReceived += (sender, e) => told.Add(e.EventType);
        await SerialLoop.Until(() => CoroutineScheduler.Current.Coroutines.Any(one => one.BlockedOn == $"events of {port.PortName}"));
        terminal.Dispose();
        await SerialLoop.Until(() => told.Count > 0);
        await SerialLoop.Until(() => CoroutineScheduler.Current.ActiveCount == 1);
        Assert.Equal([SerialData.Eof], told);
    });

    [Fact]
    public void A_handler_may_close_its_port_and_nothing_is_told_after_that() => SerialLoop.Run(async (terminal, port) =>
    {
        int told = 0;
        port.DataReceived += (sender, e) =>
        {
            told++;
            port.Close();
        };
        await SerialLoop.Send(terminal, "x");
        await SerialLoop.Until(() => !port.IsOpen);
        await SerialLoop.Until(() => CoroutineScheduler.Current.ActiveCount == 1);
        Assert.Equal(1, told);
        port.Open();
        await SerialLoop.Send(terminal, "y");
        await SerialLoop.Until(() => told == 2);
    });

    [Fact]
    public void Errors_that_the_driver_counts_are_told_with_the_data_after_them_and_awaited_reads_go_on()
    {
        TtyDouble tty = new();
        SerialLoop.Run(tty, async (terminal, port) =>
        {
            List<object> told = [];
            port.ErrorReceived += (sender, e) => told.Add(e.EventType);
            port.PinChanged += (sender, e) => told.Add(e.EventType);
            await SerialLoop.Until(() => CoroutineScheduler.Current.Coroutines.Any(one => one.BlockedOn == $"events of {port.PortName}"));
            tty.Count(SerialUapi.Counter.Overrun, 2);
            tty.Count(SerialUapi.Counter.BufferOverrun);
            tty.Count(SerialUapi.Counter.Parity);
            tty.Count(SerialUapi.Counter.Framing, 3);
            tty.Count(SerialUapi.Counter.Break);
            await SerialLoop.Send(terminal, "line\n");
            Assert.Equal("line", await port.ReadLineAsync());
            await SerialLoop.Until(() => told.Count == 5);
            Assert.Equal([SerialError.Overrun, SerialError.RXOver, SerialError.RXParity, SerialError.Frame, SerialPinChange.Break], told);
            Assert.Equal(new SerialErrorCounts(2, 1, 3, 1, 1, 0, 0), port.ErrorCounts);
        });
    }

    [Fact]
    public void Without_handlers_there_is_no_one_who_watches() => SerialLoop.Run(async (terminal, port) =>
    {
        static void Handle(object sender, SerialDataReceivedEventArgs e)
        {
        }

        Assert.Equal(1, CoroutineScheduler.Current.ActiveCount);
        port.DataReceived += Handle;
        Assert.Equal(2, CoroutineScheduler.Current.ActiveCount);
        port.DataReceived -= Handle;
        await SerialLoop.Until(() => CoroutineScheduler.Current.ActiveCount == 1);
    });

    [Fact]
    public void Where_the_run_of_its_events_has_ended_the_next_handler_begins_anew()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = new(terminal.DevicePath);
        int told = 0;
        port.DataReceived += (sender, e) => told += port.ReadExisting().Length;
        IoLoop.Run(async () =>
        {
            port.Open();
            await SerialLoop.Send(terminal, "x");
            await SerialLoop.Until(() => told == 1);
        });
        IoLoop.Run(async () =>
        {
            port.DataReceived += (sender, e) => { };
            await SerialLoop.Send(terminal, "x");
            await SerialLoop.Until(() => told == 2);
        });
    }
}
