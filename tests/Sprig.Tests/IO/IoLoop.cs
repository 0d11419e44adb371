using System.Net;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Runs the body of an IO test as main, under a limit that only a hanging test ever meets.</summary>
internal static class IoLoop
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>By the machine's clock: sockets and ptys deliver in it.</summary>
    internal static void Run(Func<Task> body)
        => CoroutineScheduler.Run(() => Deadline.RunAsync(s_limit, body), new SchedulerOptions { HandleSignals = false });

    /// <summary>By virtual time, for what waits for a deadline.</summary>
    internal static TestClock RunVirtually(Func<Task> body)
    {
        TestClock clock = new();
        CoroutineScheduler.Run(body, new SchedulerOptions { Clock = clock });
        return clock;
    }

    /// <summary>As Assert.ThrowsAsync, but it never leaves the coroutine's context.</summary>
    internal static async Task<T> Throws<T>(Func<Task> code)
        where T : Exception
    {
        try
        {
            await code();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(T).Name} was thrown.");
    }

    /// <summary>Lets others run until the coroutine waits for something.</summary>
    internal static async Task UntilBlocked(Coroutine coroutine)
    {
        for (int i = 0; i < 1000 && coroutine.State != CoroutineState.Blocked; i++)
            await Coroutine.Yield();
        Assert.Equal(CoroutineState.Blocked, coroutine.State);
    }

    /// <summary>Reads until the buffer is full or the stream ends.</summary>
    internal static async Task<byte[]> ReadExactly(Stream stream, int count)
    {
        var buffer = new byte[count];
        int have = 0;
        while (have < count)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(have));
            if (read == 0)
                break;
            have += read;
        }

        return buffer[..have];
    }

    /// <summary>Both ends of a TCP connection over the loopback.</summary>
    internal static async Task<(SocketStream Client, SocketStream Server)> ConnectedPair()
    {
        using SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        SocketStream client = await SocketStream.ConnectAsync(listener.LocalEndPoint);
        return (client, await listener.AcceptAsync());
    }
}
