using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class FdStreamInterruptTests
{
    [Fact]
    public void A_full_output_ends_at_the_deadline_and_the_loop_goes_on() => IoLoop.RunVirtually(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        int beats = 0;
        Coroutine other = Coroutine.Spawn(async () =>
        {
            for (; beats < 10; beats++)
                await Coroutine.Sleep(TimeSpan.FromSeconds(0.1));
        });
        await IoLoop.Throws<DeadlineExceededException>(
            () => Deadline.RunAsync(TimeSpan.FromSeconds(1.05), async () => await port.WriteAsync(new byte[1 << 20])));
        Assert.Equal(10, beats);
        await other;
        // When the other end reads again, writing goes on.
        Coroutine drain = Coroutine.Spawn(async () =>
        {
            while (true)
                await terminal.ReadAsync(new byte[1 << 16]);
        });
        await port.WriteAsync(new byte[100_000]);
        await drain.KillAsync();
    });

    [Fact]
    public void A_killed_reader_takes_no_byte_with_it() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            Coroutine<int> reader = Coroutine.Spawn(() => server.ReadAsync(new byte[8]));
            await IoLoop.UntilBlocked(reader);
            await client.WriteAsync("kept"u8.ToArray());
            await reader.KillAsync();
            Assert.Equal(CoroutineState.Killed, reader.State);
            Assert.Equal("kept"u8.ToArray(), await IoLoop.ReadExactly(server, 4));
        }
    });

    [Fact]
    public void A_reader_killed_after_it_was_woken_takes_no_byte_with_it() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        int[] pipe = new int[2];
        Assert.Equal(0, Syscall.Pipe(pipe));
        using FileDescriptor signal = new(pipe[0]), signaller = new(pipe[1]);
        Coroutine<int> reader = Coroutine.Spawn(() => server.ReadAsync(new byte[8]));
        CoroutineState seen = default;
        Coroutine killer = Coroutine.Spawn(async () =>
        {
            using FdWatcher watcher = CoroutineScheduler.Current.Reactor.Watch(signal.Number, read: true, write: false, "a pipe");
            await IoWait.UntilReadable(watcher, "the signal to kill");
            seen = reader.State;
            reader.Kill();
        });
        await IoLoop.UntilBlocked(reader);
        await IoLoop.UntilBlocked(killer);
        // Takes the events of the registrations. Then both are woken by one look, the killer first.
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Syscall.Write(signaller.Number, new byte[1]));
        await client.WriteAsync("kept"u8.ToArray());
        await killer;
        Assert.Equal(CoroutineState.Ready, seen);
        await reader.JoinAsync();
        Assert.Equal(CoroutineState.Killed, reader.State);
        Assert.Equal("kept"u8.ToArray(), await IoLoop.ReadExactly(server, 4));
        client.Dispose();
        server.Dispose();
    });

    [Fact]
    public void A_kill_is_delivered_before_a_read_that_need_not_wait() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            await client.WriteAsync("kept"u8.ToArray());
            int read = 0;
            Coroutine victim = Coroutine.Spawn(async () =>
            {
                read += await server.ReadAsync(new byte[1]);
                Coroutine.Current.Kill();
                read += await server.ReadAsync(new byte[1]);
            });
            await victim.JoinAsync();
            Assert.Equal(CoroutineState.Killed, victim.State);
            Assert.Equal(1, read);
            Assert.Equal("ept"u8.ToArray(), await IoLoop.ReadExactly(server, 3));
        }
    });

    [Fact]
    public void A_deadline_in_a_read_leaves_the_stream_usable() => IoLoop.RunVirtually(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        for (int i = 0; i < 3; i++)
            Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await port.ReadAsync(new byte[8])));
        await terminal.WriteAsync("x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await IoLoop.ReadExactly(port, 1));
    });

    [Fact]
    public void A_token_that_is_cancelled_already_ends_the_read_and_the_write_before_they_begin() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            CancellationToken cancelled = new(canceled: true);
            await client.WriteAsync("kept"u8.ToArray());
            var error = await IoLoop.Throws<OperationCanceledException>(async () => await server.ReadAsync(new byte[8], cancelled));
            Assert.Equal(cancelled, error.CancellationToken);
            await IoLoop.Throws<OperationCanceledException>(async () => await server.WriteAsync(new byte[8], cancelled));
            Assert.Equal("kept"u8.ToArray(), await IoLoop.ReadExactly(server, 4));
        }
    });

    [Fact]
    public void A_token_ends_the_wait_of_a_reader_which_takes_no_byte_with_it() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        using (CancellationTokenSource source = new())
        {
            Coroutine<int> reader = Coroutine.Spawn(() => server.ReadAsync(new byte[8], source.Token));
            await IoLoop.UntilBlocked(reader);
            await client.WriteAsync("kept"u8.ToArray());
            Cancel(source);
            var error = await IoLoop.Throws<OperationCanceledException>(async () => await reader);
            Assert.Equal(source.Token, error.CancellationToken);
            Assert.Equal("kept"u8.ToArray(), await IoLoop.ReadExactly(server, 4));
        }
    });

    [Fact]
    public void A_token_ends_the_wait_of_a_writer() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        using (CancellationTokenSource source = new())
        {
            Coroutine writer = Coroutine.Spawn(() => client.WriteAsync(new byte[16 << 20], source.Token));
            await IoLoop.UntilBlocked(writer);
            await source.CancelAsync();
            await IoLoop.Throws<OperationCanceledException>(async () => await writer);
        }
    });

    [Fact]
    public void A_token_that_another_thread_cancels_ends_the_wait_on_the_loop() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using CancellationTokenSource source = new();
        int loop = Environment.CurrentManagedThreadId;
        int resumedOn = 0;
        Coroutine reader = Coroutine.Spawn(async () =>
        {
            await IoLoop.Throws<OperationCanceledException>(async () => await terminal.ReadAsync(new byte[8], source.Token));
            resumedOn = Environment.CurrentManagedThreadId;
        });
        await IoLoop.UntilBlocked(reader);
        Thread canceller = new(source.Cancel);
        canceller.Start();
        await reader;
        canceller.Join();
        Assert.Equal(loop, resumedOn);
    });

    [Fact]
    public void A_token_that_is_never_cancelled_is_let_go_after_each_wait() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        using (CancellationTokenSource source = new())
        {
            for (int i = 0; i < 10; i++)
            {
                Coroutine<int> reader = Coroutine.Spawn(() => server.ReadAsync(new byte[8], source.Token));
                await IoLoop.UntilBlocked(reader);
                await client.WriteAsync(new byte[1]);
                Assert.Equal(1, await reader);
            }

            // The waits' objects serve others now: a late cancellation must not end those.
            Coroutine<int> free = Coroutine.Spawn(() => server.ReadAsync(new byte[8]));
            await IoLoop.UntilBlocked(free);
            Cancel(source);
            Assert.True(free.IsAlive);
            await client.WriteAsync(new byte[1]);
            Assert.Equal(1, await free);
        }
    });

    // On this thread, at once: the asynchronous form goes through the pool.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
