using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>Zero bytes in steady state. No asserts within the rounds: they allocate.</summary>
public class SerialAllocationTests
{
    private const int WarmUp = 2000;
    private const int Rounds = 1000;

    [Fact]
    public void Reads_and_writes_of_a_port_that_wait_allocate_nothing() => SerialLoop.Run(async (terminal, port) =>
    {
        Coroutine echo = Coroutine.Spawn(async () =>
        {
            byte[] bytes = new byte[64];
            while (true)
                await port.WriteAsync(bytes.AsMemory(0, await port.ReadAsync(bytes)));
        });
        byte[] buffer = new byte[8];
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await terminal.WriteAsync(buffer);
            for (int have = 0; have < buffer.Length;)
                have += await terminal.ReadAsync(buffer);
        }

        AssertEach(0, before);
        await echo.KillAsync();
    });

    [Fact]
    public void A_line_costs_its_string_alone_and_writing_one_nothing() => SerialLoop.Run(async (terminal, port) =>
    {
        const string Text = "a line of text";
        byte[] line = [.. "a line of text\r\n"u8];
        byte[] back = new byte[64];
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await terminal.WriteAsync(line);
            await port.ReadLineAsync();
            await port.WriteLineAsync(Text);
            for (int have = 0; have < Text.Length + 1;)
                have += await terminal.ReadAsync(back);
        }

        int size = (22 + (Text.Length * sizeof(char)) + 7) / 8 * 8;
        AssertEach(size, before);
    });

    [Fact]
    public void Telling_of_data_allocates_nothing() => SerialLoop.Run(async (terminal, port) =>
    {
        byte[] one = new byte[1];
        byte[] taken = new byte[8];
        int told = 0;
        WaitQueue line = new("the handler");
        port.DataReceived += (sender, e) =>
        {
            told += port.Read(taken);
            line.WakeAll();
        };
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await terminal.WriteAsync(one);
            while (told <= i)
                await line.WaitAsync();
        }

        AssertEach(0, before);
    });

    private static void AssertEach(int bytesOfARound, long before)
        => Assert.Equal(bytesOfARound, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
}
