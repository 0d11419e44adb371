using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>PipeEnd. That of standard input and output is tested with the worker processes, which take theirs over.</summary>
public class PipeEndTests
{
    [Fact]
    public void What_is_written_at_one_end_is_read_at_the_other_and_the_end_is_seen() => IoLoop.Run(async () =>
    {
        (PipeEnd reader, PipeEnd writer) = Pipe();
        using (reader)
        {
            await writer.WriteAsync("abc"u8.ToArray());
            Assert.Equal("abc"u8.ToArray(), await IoLoop.ReadExactly(reader, 3));
            Coroutine<int> waiting = Coroutine.Spawn(() => reader.ReadAsync(new byte[1]));
            await IoLoop.UntilBlocked(waiting);
            Assert.Equal("data from the reading end", waiting.BlockedOn);
            await writer.DisposeAsync();
            Assert.Equal(0, await waiting);
        }
    });

    [Fact]
    public void Lines_that_were_pasted_into_a_terminal_all_come_though_it_gives_one_at_a_time() => IoLoop.Run(async () =>
    {
        using PseudoTerminal typist = PseudoTerminal.Open();
        // Line by line, as a shell leaves it.
        using (Process stty = Process.Start("stty", ["-F", typist.DevicePath, "icanon", "-echo"]))
            await stty.WaitForExitAsync();
        using PipeEnd terminal = new(File.OpenHandle(typist.DevicePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), FileAccess.Read, "a terminal");
        LineReader lines = new(terminal);
        Coroutine<string?> first = Coroutine.Spawn(() => lines.ReadLineAsync());
        await IoLoop.UntilBlocked(first);
        await typist.WriteAsync("one\ntwo\nthree\n"u8.ToArray());
        Assert.Equal("one", await first);
        Assert.Equal("two", await lines.ReadLineAsync());
        Assert.Equal("three", await lines.ReadLineAsync());
    });

    [Fact]
    public void A_full_pipe_makes_the_writer_wait_and_all_arrives() => IoLoop.Run(async () =>
    {
        (PipeEnd reader, PipeEnd writer) = Pipe();
        using (reader)
        using (writer)
        {
            byte[] sent = new byte[300_000];
            Random.Shared.NextBytes(sent);
            Coroutine writing = Coroutine.Spawn(async () => await writer.WriteAsync(sent));
            await IoLoop.UntilBlocked(writing);
            Assert.Equal(sent, await IoLoop.ReadExactly(reader, sent.Length));
            await writing;
        }
    });

    [Fact]
    public void Writing_where_nobody_reads_any_more_is_an_error_that_names_it() => IoLoop.Run(async () =>
    {
        (PipeEnd reader, PipeEnd writer) = Pipe();
        using (writer)
        {
            await reader.DisposeAsync();
            IOException error = await IoLoop.Throws<IOException>(async () => await writer.WriteAsync(new byte[1]));
            Assert.Equal("write the writing end: Broken pipe (errno 32)", error.Message);
        }
    });

    [Fact]
    public void A_reader_that_is_killed_has_taken_nothing() => IoLoop.Run(async () =>
    {
        (PipeEnd reader, PipeEnd writer) = Pipe();
        using (reader)
        using (writer)
        {
            Coroutine<int> waiting = Coroutine.Spawn(() => reader.ReadAsync(new byte[1]));
            await IoLoop.UntilBlocked(waiting);
            await waiting.KillAsync();
            await writer.WriteAsync(new byte[] { 7 });
            Assert.Equal([7], await IoLoop.ReadExactly(reader, 1));
        }
    });

    [Fact]
    public void A_plain_thread_may_read_and_write_it_blocking()
    {
        (PipeEnd reader, PipeEnd writer) = Pipe();
        using (reader)
        {
            Thread thread = new(() =>
            {
                writer.Write(new byte[200_000]);
                writer.Dispose();
            });
            thread.Start();
            int count = 0;
            byte[] buffer = new byte[5000];
            while (reader.Read(buffer) is > 0 and int read)
                count += read;
            Assert.Equal(200_000, count);
            thread.Join();
        }
    }

    [Fact]
    public void It_says_which_end_it_is_and_closes_the_handle()
    {
        NativeCalls.FileNumbers ends = NativeCalls.BlockingPipe();
        SafeFileHandle handle = new(ends.First, ownsHandle: true);
        PipeEnd reader = new(handle, FileAccess.Read);
        PipeEnd writer = new(new SafeFileHandle(ends.Second, ownsHandle: true), FileAccess.Write);
        Assert.True(reader is { CanRead: true, CanWrite: false, Device: "a pipe" });
        Assert.True(writer is { CanRead: false, CanWrite: true });
        reader.Dispose();
        writer.Dispose();
        Assert.True(handle.IsClosed);
        Assert.False(reader.CanRead);
    }

    [Fact]
    public void Bad_input_is_refused_at_once()
    {
        (PipeEnd reader, PipeEnd writer) = Pipe();
        using (reader)
        using (writer)
        {
            Assert.Throws<ArgumentNullException>(() => new PipeEnd(null!, FileAccess.Read));
            Assert.Throws<ArgumentException>(() => new PipeEnd(new SafeFileHandle(-1, ownsHandle: false), FileAccess.Read));
            using SafeFileHandle nothing = File.OpenHandle("/dev/null");
            Assert.Throws<ArgumentException>(() => new PipeEnd(nothing, FileAccess.ReadWrite));
        }
    }

    private static (PipeEnd Reader, PipeEnd Writer) Pipe()
    {
        NativeCalls.FileNumbers ends = NativeCalls.BlockingPipe();
        return (new PipeEnd(new SafeFileHandle(ends.First, ownsHandle: true), FileAccess.Read, "the reading end"),
            new PipeEnd(new SafeFileHandle(ends.Second, ownsHandle: true), FileAccess.Write, "the writing end"));
    }
}
