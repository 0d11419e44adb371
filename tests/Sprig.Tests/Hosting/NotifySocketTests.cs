using System.Text;
using Sprig.Hosting;
using Sprig.IO;
using Xunit;

namespace Sprig.Tests.Hosting;

public class NotifySocketTests
{
    private readonly List<string> _sent = [];
    private readonly NotifySocket _socket;
    private DatagramOutcome _next;

    public NotifySocketTests() => _socket = new NotifySocket(message =>
    {
        if (_next == DatagramOutcome.Sent)
            _sent.Add(Encoding.UTF8.GetString(message));
        return _next;
    });

    [Fact]
    public void Each_state_is_a_datagram()
    {
        _socket.Tell("READY=1");
        _socket.TellAlive();
        _socket.Tell("STATUS=serves");
        Assert.Equal(["READY=1", "WATCHDOG=1", "STATUS=serves"], _sent);
        Assert.False(_socket.HasUnsent);
    }

    [Theory]
    [InlineData(DatagramOutcome.Full)]
    [InlineData(DatagramOutcome.NoMemory)]
    public void What_finds_no_room_goes_out_later_in_order_and_is_not_lost(DatagramOutcome outcome)
    {
        _next = outcome;
        _socket.Tell("READY=1");
        _socket.Tell("STATUS=serves");
        _socket.TryAgain();
        Assert.True(_socket.HasUnsent);
        _next = DatagramOutcome.Sent;
        _socket.TryAgain();
        _socket.TryAgain();
        _socket.Tell("STOPPING=1");
        Assert.Equal(["READY=1\nSTATUS=serves", "STOPPING=1"], _sent);
        Assert.Equal(0, _socket.Lost);
    }

    [Theory]
    [InlineData(DatagramOutcome.Unreachable)]
    [InlineData(DatagramOutcome.TooLong)]
    public void What_can_never_go_out_is_counted_and_stops_nobody(DatagramOutcome outcome)
    {
        _next = outcome;
        _socket.Tell("READY=1");
        Assert.False(_socket.HasUnsent);
        Assert.Equal(1, _socket.Lost);
        _next = DatagramOutcome.Sent;
        _socket.Tell("STATUS=serves");
        Assert.Equal(["STATUS=serves"], _sent);
    }

    [Fact]
    public void That_it_is_alive_is_not_told_later()
    {
        _next = DatagramOutcome.Full;
        _socket.TellAlive();
        Assert.False(_socket.HasUnsent);
        Assert.Equal(1, _socket.Lost);
    }

    [Fact]
    public void Closed_it_says_nothing()
    {
        _socket.Close();
        _socket.Tell("STATUS=late");
        _socket.TellAlive();
        _socket.TryAgain();
        Assert.Empty(_sent);
    }

    [Fact]
    public void A_text_is_made_one_line() => Assert.Equal("a b c", NotifySocket.OneLine("a\nb\r\nc"));

    [Fact]
    public void Telling_that_it_is_alive_allocates_nothing()
    {
        NotifySocket socket = new(_ => DatagramOutcome.Sent);
        socket.TellAlive();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            socket.TellAlive();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
