using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

/// <summary>How a watcher learns that the other end is gone, and that it forgets neither that nor data.</summary>
public sealed class FdWatcherEndTests : IDisposable
{
    private readonly Reactor _reactor = new();
    private readonly List<string> _trace = [];
    private readonly RecordingWaiter _reader;
    private readonly RecordingWaiter _writer;

    public FdWatcherEndTests()
    {
        _reader = new RecordingWaiter("reader", _trace);
        _writer = new RecordingWaiter("writer", _trace);
    }

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public void A_pipe_whose_writer_closes_wakes_the_reader()
    {
        using TestPair pipe = TestPair.Pipe();
        FdWatcher watcher = _reactor.Watch(pipe.Near, read: true, write: false, "a pipe");
        watcher.ArmReader(_reader);
        pipe.CloseFar();
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
        Assert.True(watcher.MayRead);
        Assert.Equal(0, pipe.ReceiveAtNear());
    }

    [Fact]
    public void A_pipe_whose_reader_closes_wakes_the_writer_that_waits_for_room()
    {
        using TestPair pipe = TestPair.Pipe();
        TestPair.Fill(pipe.Far);
        FdWatcher watcher = _reactor.Watch(pipe.Far, read: false, write: true, "a pipe");
        _reactor.Poll(0);
        Assert.False(watcher.MayWrite);
        watcher.ArmWriter(_writer);
        pipe.CloseNear();
        _reactor.Poll(0);
        Assert.Equal(["writer ready"], _trace);
        Assert.True(watcher.MayWrite);
    }

    [Fact]
    public void A_socket_whose_other_end_closes_wakes_both()
    {
        using TestPair sockets = TestPair.Sockets();
        FdWatcher watcher = WatchFull(sockets);
        watcher.ArmReader(_reader);
        watcher.ArmWriter(_writer);
        sockets.CloseFar();
        _reactor.Poll(0);
        Assert.Equal(["reader ready", "writer ready"], _trace);
    }

    [Fact]
    public void A_socket_whose_other_end_stops_writing_wakes_the_reader_alone()
    {
        using TestPair sockets = TestPair.Sockets();
        FdWatcher watcher = WatchFull(sockets);
        watcher.ArmReader(_reader);
        watcher.ArmWriter(_writer);
        NativeCalls.ShutdownWriting(sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
        Assert.Equal(0, sockets.ReceiveAtNear());
    }

    [Fact]
    public void An_end_that_came_together_with_data_is_still_to_be_read_after_a_short_read()
    {
        using TestPair sockets = TestPair.Sockets();
        FdWatcher watcher = WatchFull(sockets);
        watcher.ArmReader(_reader);
        sockets.Send(3);
        NativeCalls.ShutdownWriting(sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(3, sockets.ReceiveAtNear());
        watcher.ReadDrained();
        // No further event will come: whoever slept now would sleep for ever.
        Assert.Equal(0, _reactor.Poll(0));
        Assert.True(watcher.MayRead);
        Assert.Equal(0, sockets.ReceiveAtNear());
    }

    [Fact]
    public void A_hang_up_that_came_together_with_data_is_still_to_be_read_after_a_short_read()
    {
        using TestPair pipe = TestPair.Pipe();
        FdWatcher watcher = _reactor.Watch(pipe.Near, read: true, write: false, "a pipe");
        pipe.Send(3);
        pipe.CloseFar();
        _reactor.Poll(0);
        Assert.Equal(3, pipe.ReceiveAtNear());
        watcher.ReadDrained();
        Assert.True(watcher.MayRead);
        Assert.Equal(0, pipe.ReceiveAtNear());
    }

    [Fact]
    public void An_end_that_comes_after_a_short_read_is_an_event_of_its_own()
    {
        using TestPair sockets = TestPair.Sockets();
        FdWatcher watcher = WatchFull(sockets);
        sockets.Send(3);
        _reactor.Poll(0);
        Assert.Equal(3, sockets.ReceiveAtNear());
        watcher.ReadDrained();
        Assert.False(watcher.MayRead);
        watcher.ArmReader(_reader);
        NativeCalls.ShutdownWriting(sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
    }

    [Fact]
    public void EAGAIN_proves_that_nothing_is_left_to_learn_of_an_end_either()
    {
        using TestPair sockets = TestPair.Sockets();
        FdWatcher watcher = WatchFull(sockets);
        NativeCalls.ShutdownWriting(sockets.Far);
        _reactor.Poll(0);
        Assert.True(watcher.MayRead);
        watcher.ReadWouldBlock();
        Assert.False(watcher.MayRead);
    }

    [Fact]
    public void Data_that_comes_between_EAGAIN_and_the_wait_is_not_lost()
    {
        using TestPair pipe = TestPair.Pipe();
        FdWatcher watcher = _reactor.Watch(pipe.Near, read: true, write: false, "a pipe");
        pipe.Send();
        _reactor.Poll(0);
        Assert.Equal(1, pipe.ReceiveAtNear());
        Assert.Equal(-11, pipe.ReceiveAtNear());
        pipe.Send();
        watcher.ReadWouldBlock();
        watcher.ArmReader(_reader);
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
    }

    [Fact]
    public void Data_that_comes_after_a_short_read_is_an_event_of_its_own()
    {
        using TestPair pipe = TestPair.Pipe();
        FdWatcher watcher = _reactor.Watch(pipe.Near, read: true, write: false, "a pipe");
        pipe.Send(2);
        _reactor.Poll(0);
        Assert.Equal(2, pipe.ReceiveAtNear());
        pipe.Send();
        watcher.ReadDrained();
        watcher.ArmReader(_reader);
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
    }

    [Fact]
    public void Data_that_was_there_before_the_descriptor_was_watched_is_told()
    {
        using TestPair pipe = TestPair.Pipe();
        pipe.Send();
        FdWatcher watcher = _reactor.Watch(pipe.Near, read: true, write: false, "a pipe");
        watcher.ArmReader(_reader);
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
    }

    private FdWatcher WatchFull(TestPair sockets)
    {
        TestPair.Fill(sockets.Near);
        FdWatcher watcher = _reactor.Watch(sockets.Near, read: true, write: true, "a socket");
        _reactor.Poll(0);
        return watcher;
    }
}
