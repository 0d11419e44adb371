using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class MemoryLineTests
{
    [Fact]
    public void What_is_written_to_one_end_is_read_at_the_other_as_room_allows() => IoLoop.RunVirtually(async () =>
    {
        (MemoryLine first, MemoryLine second) = MemoryLine.CreatePair(capacity: 10);
        byte[] data = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        Coroutine writer = Coroutine.Spawn(() => first.WriteAsync(data));
        await IoLoop.UntilBlocked(writer);
        Assert.Equal(data, await IoLoop.ReadExactly(second, 100));
        await writer;
        await second.WriteAsync(data.AsMemory(0, 5));
        byte[] five = new byte[5];
        await first.ReadExactlyAsync(five);
        Assert.Equal(data[..5], five);
    });

    [Fact]
    public void Library_code_that_waits_in_it_stays_on_the_loop() => IoLoop.RunVirtually(async () =>
    {
        (MemoryLine first, MemoryLine second) = MemoryLine.CreatePair(capacity: 10);
        Coroutine writer = Coroutine.Spawn(() => first.WriteAsync(new byte[1000]));
        // It says ConfigureAwait(false), and reads again.
        await second.ReadExactlyAsync(new byte[1000]);
        await writer;
    });

    [Fact]
    public void A_pulled_end_is_the_end_for_the_reader_after_what_came_and_an_error_for_the_writer() => IoLoop.RunVirtually(async () =>
    {
        (MemoryLine first, MemoryLine second) = MemoryLine.CreatePair();
        await first.WriteAsync(new byte[3]);
        Coroutine<int> own = Coroutine.Spawn(() => first.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(own);
        first.Dispose();
        await IoLoop.Throws<ObjectDisposedException>(async () => await own);
        Assert.Equal(3, await second.ReadAsync(new byte[10]));
        Assert.Equal(0, await second.ReadAsync(new byte[10]));
        await IoLoop.Throws<IOException>(async () => await second.WriteAsync(new byte[1]));
    });

    [Fact]
    public void A_killed_reader_takes_nothing() => IoLoop.RunVirtually(async () =>
    {
        (MemoryLine first, MemoryLine second) = MemoryLine.CreatePair();
        Coroutine<int> reader = Coroutine.Spawn(() => second.ReadAsync(new byte[10]));
        await IoLoop.UntilBlocked(reader);
        await first.WriteAsync(new byte[] { 1, 2 });
        await reader.KillAsync();
        Assert.Equal([1, 2], await IoLoop.ReadExactly(second, 2));
    });
}
