using Nerdbank.Streams;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Streams of the loop in the hands of code that knows no loop.</summary>
public class LoopStreamTests
{
    [Fact]
    public void Threads_of_the_pool_read_and_write_it_and_stay_on_the_pool() => Test(async (port, other) =>
    {
        await using LoopStream stream = new(port);
        int loop = Environment.CurrentManagedThreadId;
        Task<(byte[] Read, int Thread)> foreign = OnPool(async () =>
        {
            byte[] buffer = new byte[100_000];
            int have = 0;
            while (have < buffer.Length)
                have += await stream.ReadAsync(buffer.AsMemory(have)).ConfigureAwait(false);
            await stream.WriteAsync(buffer).ConfigureAwait(false);
            return (buffer, Environment.CurrentManagedThreadId);
        });
        byte[] data = new byte[100_000];
        new Random(1).NextBytes(data);
        await other.WriteAsync(data);
        byte[] back = await IoLoop.ReadExactly(other, data.Length);
        (byte[] read, int thread) = await foreign;
        Assert.Equal(data, read);
        Assert.Equal(data, back);
        Assert.NotEqual(loop, thread);
    });

    [Fact]
    public void What_was_called_on_the_loop_goes_on_there_with_a_context_or_without() => Test(async (port, other) =>
    {
        await using LoopStream stream = new(port);
        int loop = Environment.CurrentManagedThreadId;
        Coroutine<int> with = Coroutine.Spawn(async () =>
        {
            await stream.ReadAsync(new byte[1]);
            return Environment.CurrentManagedThreadId;
        });
        await IoLoop.UntilBlocked(with);
        await other.WriteAsync(new byte[1]);
        Assert.Equal(loop, await with);
        Coroutine<int> without = Coroutine.Spawn(() => LibraryAsync(stream));
        await Coroutine.Yield();
        await other.WriteAsync(new byte[1]);
        Assert.Equal(loop, await without);
    });

    [Fact]
    public void A_kill_of_the_one_who_began_it_takes_no_byte_from_the_flow_it_left_behind() => Test(async (port, other) =>
    {
        await using LoopStream stream = new(port);
        ValueTask<int> read = default;
        byte[] buffer = new byte[1];
        await Coroutine.Spawn(() =>
        {
            read = stream.ReadAsync(buffer);
            return Task.CompletedTask;
        });
        await other.WriteAsync(new byte[] { 7 });
        Assert.Equal((1, 7), (await read, buffer[0]));
    });

    [Fact]
    public void A_second_reader_is_an_error_at_once_and_a_cancelled_read_takes_nothing() => Test(async (port, other) =>
    {
        await using LoopStream stream = new(port);
        using CancellationTokenSource stop = new();
        byte[] buffer = new byte[10];
        ValueTask<int> first = stream.ReadAsync(buffer, stop.Token);
        await IoLoop.Throws<InvalidOperationException>(async () => await stream.ReadAsync(buffer));
        await stop.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await first);
        await other.WriteAsync(new byte[] { 1, 2 });
        Assert.Equal(2, await stream.ReadAsync(buffer));
    });

    [Fact]
    public void Errors_come_to_the_one_who_asked_and_it_can_be_used_after_them() => Test(async (port, other) =>
    {
        await using LoopStream stream = new(port);
        ValueTask<int> read = stream.ReadAsync(new byte[1]);
        other.Dispose();
        await IoLoop.Throws<IOException>(async () => await read);
        await IoLoop.Throws<IOException>(async () => await stream.WriteAsync(new byte[1]));
        await IoLoop.Throws<IOException>(async () => await stream.ReadAsync(new byte[1]));
    });

    [Fact]
    public void Disposing_ends_reads_and_closes_what_is_below_unless_it_is_left_open() => Test(async (port, other) =>
    {
        LoopStream kept = new(port, leaveOpen: true);
        ValueTask<int> read = kept.ReadAsync(new byte[1]);
        await kept.DisposeAsync();
        await IoLoop.Throws<ObjectDisposedException>(async () => await read);
        await IoLoop.Throws<ObjectDisposedException>(async () => await kept.WriteAsync(new byte[1]));
        Assert.True(port.CanRead);

        LoopStream stream = new(port);
        await OnPool(async () =>
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return 0;
        });
        Assert.False(port.CanRead);
        await stream.DisposeAsync();
    });

    [Fact]
    public void When_its_loop_has_ended_calls_fail_and_hang_nobody()
    {
        LoopStream? stream = null;
        Task<int>? waiting = null;
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        IoLoop.Run(async () =>
        {
            stream = new LoopStream(port);
            waiting = OnPool(async () => await stream.ReadAsync(new byte[1]).ConfigureAwait(false));
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        });
        Assert.ThrowsAny<ObjectDisposedException>(() => waiting!.GetAwaiter().GetResult());
        Assert.Throws<ObjectDisposedException>(() => stream!.WriteAsync(new byte[1]).AsTask().GetAwaiter().GetResult());
        stream!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.False(port.CanRead);
    }

    [Fact]
    public void Channels_over_a_plain_port() => Test(async (port, other) =>
    {
        MultiplexingStream.Options options = new() { ProtocolMajorVersion = 3 };
        await using MultiplexingStream left = MultiplexingStream.Create(new LoopStream(port), options);
        await using MultiplexingStream right = MultiplexingStream.Create(new LoopStream(other), options);
        int loop = Environment.CurrentManagedThreadId;
        Coroutine<MultiplexingStream.Channel> offered = Coroutine.Spawn(() => left.OfferChannelAsync("log", CancellationToken.None));
        Stream log = (await right.AcceptChannelAsync("log", CancellationToken.None)).AsStream();
        Stream sender = (await offered).AsStream();
        byte[] data = new byte[50_000];
        new Random(2).NextBytes(data);
        Coroutine writing = Coroutine.Spawn(() => sender.WriteAsync(data));
        Assert.Equal(data, await IoLoop.ReadExactly(log, data.Length));
        Assert.Equal(loop, Environment.CurrentManagedThreadId);
        await writing;
    });

    private static async Task<int> LibraryAsync(Stream stream)
    {
        await stream.ReadAsync(new byte[1]).ConfigureAwait(false);
        return Environment.CurrentManagedThreadId;
    }

    private static Task<T> OnPool<T>(Func<Task<T>> code) => Task.Run(code);

    private static void Test(Func<SerialPort, PseudoTerminal, Task> body) => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await body(port, terminal);
    });
}
