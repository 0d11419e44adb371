using Sprig.IO;
using Sprig.IO.Framing;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Framing;

/// <summary>Zero bytes a frame in steady state. No asserts within the rounds: they allocate.</summary>
public class FrameAllocationTests
{
    private const int WarmUp = 1000;
    private const int Rounds = 1000;

    public static TheoryData<string> Names => AllFormats.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_that_are_waited_for_allocate_nothing(string name) => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            FrameFormat format = AllFormats.Named(name);
            byte[] frame = AllFormats.Fit(name, new byte[40]);
            FrameWriter writer = new(client, format);
            FrameReader reader = new(server, format);
            FrameWriter answer = new(server, format);
            FrameReader answers = new(client, format);
            Coroutine echo = Coroutine.Spawn(async () =>
            {
                await foreach (ReadOnlyMemory<byte> each in reader)
                    await answer.WriteAsync(each);
            });
            long before = 0;
            for (int i = 0; i < WarmUp + Rounds; i++)
            {
                if (i == WarmUp)
                    before = GC.GetAllocatedBytesForCurrentThread();
                await writer.WriteAsync(frame);
                await answers.ReadAsync();
            }

            AssertNothing(before);
            Assert.Equal(WarmUp + Rounds, answers.Counts.Frames);
            await echo.KillAsync();
        }
    });

    [Theory]
    [InlineData("COBS with CRC")]
    [InlineData("lines")]
    [InlineData("length with CRC")]
    public void Frames_that_have_come_already_allocate_nothing_nor_does_noise(string name) => IoLoop.Run(async () =>
    {
        FrameFormat format = AllFormats.Named(name);
        byte[] frame = AllFormats.Fit(name, new byte[40]);
        byte[] noise = new byte[30];
        Array.Fill<byte>(noise, 0xFE);
        byte[] round = [.. noise, .. FrameTest.Encode(format, [frame]), .. FrameTest.Encode(format, [frame])];
        MemoryStream line = new([.. Enumerable.Repeat(round, WarmUp + Rounds).SelectMany(bytes => bytes)]);
        FrameReader reader = new(line, format);
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await reader.ReadAsync();
        }

        AssertNothing(before);
    });

    private static void AssertNothing(long before) => Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
}
