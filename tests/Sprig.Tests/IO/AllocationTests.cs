using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Zero bytes in steady state. No asserts within the rounds: they allocate.</summary>
public class AllocationTests
{
    private const int WarmUp = 2000;
    private const int Rounds = 1000;

    [Fact]
    public void An_echo_whose_every_read_waits_allocates_nothing() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            Coroutine echo = Coroutine.Spawn(() => EchoAsync(server));
            byte[] buffer = new byte[64];
            long before = 0;
            for (int i = 0; i < WarmUp + Rounds; i++)
            {
                if (i == WarmUp)
                    before = GC.GetAllocatedBytesForCurrentThread();
                await client.WriteAsync(buffer);
                await client.ReadAsync(buffer);
            }

            AssertNothing(before);
            await echo.KillAsync();
        }
    });

    [Fact]
    public void Reads_and_writes_that_need_not_wait_allocate_nothing() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            byte[] one = new byte[1];
            await client.WriteAsync(new byte[100]);
            long before = 0;
            for (int i = 0; i < WarmUp + Rounds; i++)
            {
                if (i == WarmUp)
                    before = GC.GetAllocatedBytesForCurrentThread();
                await client.WriteAsync(one);
                await server.ReadAsync(one);
            }

            AssertNothing(before);
        }
    });

    [Fact]
    public void Waits_for_edges_allocate_nothing() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        using LineDouble answer = new(18);
        Coroutine other = Coroutine.Spawn(async () =>
        {
            while (true)
            {
                await line.Input.WaitForEdgeAsync();
                answer.Edges(1);
            }
        });
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            line.Edges(1);
            await answer.Input.WaitForEdgeAsync();
        }

        AssertNothing(before);
        await other.KillAsync();
    });

    [Fact]
    public void Streams_of_edges_of_a_group_allocate_nothing() => IoLoop.Run(async () =>
    {
        GpioLineSettings both = new() { Edges = GpioEdges.Both };
        using LineDouble group = new([4, 9], [both, both]);
        using LineDouble answer = new(18);
        Coroutine other = Coroutine.Spawn(async () =>
        {
            await foreach (GpioEdge edge in group.Group.Edges())
                answer.Edges(1);
        });
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            group.Edge(i % 2 == 0 ? 4 : 9, i % 3 == 0, (uint)i / 2 + 1);
            await answer.Input.WaitForEdgeAsync();
        }

        AssertNothing(before);
        await other.KillAsync();
    });

    [Fact]
    public void Edges_that_are_there_already_and_those_passed_over_allocate_nothing() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            line.Edges(2);
            await line.Input.WaitForEdgeAsync(GpioEdges.Rising);
        }

        AssertNothing(before);
    });

    [Fact]
    public void Driving_and_reading_levels_allocate_nothing()
    {
        GpioLineSettings output = new() { Direction = GpioDirection.Output };
        using SilentRequest request = new([5, 6], [output, output]);
        GpioOutput led = new(request);
        GpioLineGroup group = new(request);
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            led.Toggle();
            led.Level = !led.Level;
            group.WriteMask(0b11, (ulong)i);
            group.Toggle(6);
            group.Read(5);
        }

        AssertNothing(before);
    }

    [Fact]
    public void Fifty_readers_that_wait_at_once_allocate_nothing() => IoLoop.Run(async () =>
    {
        const int Readers = 50;
        (SocketStream Client, SocketStream Server)[] pairs = new (SocketStream, SocketStream)[Readers];
        Coroutine[] echoes = new Coroutine[Readers];
        for (int i = 0; i < Readers; i++)
        {
            (SocketStream Client, SocketStream Server) pair = pairs[i] = await IoLoop.ConnectedPair();
            echoes[i] = Coroutine.Spawn(() => EchoAsync(pair.Server));
        }

        byte[] buffer = new byte[64];
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await pairs[i % Readers].Client.WriteAsync(buffer);
            await pairs[i % Readers].Client.ReadAsync(buffer);
        }

        AssertNothing(before);
        foreach (Coroutine echo in echoes)
            await echo.KillAsync();
        foreach ((SocketStream client, SocketStream server) in pairs)
        {
            client.Dispose();
            server.Dispose();
        }
    });

    /// <summary>Lines that do nothing.</summary>
    private sealed class SilentRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings) : GpioLineRequest(lines, settings, "a fake")
    {
        protected override ulong GetValues(ulong mask) => 0;

        protected override void SetValues(ulong mask, ulong levels)
        {
        }

        protected override void SetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels)
        {
        }

        protected override void Release()
        {
        }

        protected override bool TryTakeEdge(out GpioEdge edge)
        {
            edge = default;
            return false;
        }

        protected override void StartListening()
        {
        }

        protected override void StopListening()
        {
        }
    }

    private static void AssertNothing(long before) => Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);

    private static async Task EchoAsync(SocketStream stream)
    {
        byte[] buffer = new byte[64];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
            await stream.WriteAsync(buffer.AsMemory(0, count));
    }
}
