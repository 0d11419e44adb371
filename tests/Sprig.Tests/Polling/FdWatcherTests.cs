using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

public sealed class FdWatcherTests : IDisposable
{
    private readonly Reactor _reactor = new();
    private readonly TestPair _sockets = TestPair.Sockets();
    private readonly FdWatcher _watcher;
    private readonly List<string> _trace = [];
    private readonly RecordingWaiter _reader;
    private readonly RecordingWaiter _writer;

    public FdWatcherTests()
    {
        _watcher = _reactor.Watch(_sockets.Near, read: true, write: true, "/dev/ttyACM0");
        // The send buffer is full and both sides have answered EAGAIN: from here on every event is one that a test makes.
        TestPair.Fill(_sockets.Near);
        _reactor.Poll(0);
        _watcher.ReadWouldBlock();
        _watcher.WriteWouldBlock();
        _reader = new RecordingWaiter("reader", _trace);
        _writer = new RecordingWaiter("writer", _trace);
    }

    public void Dispose()
    {
        _reactor.Dispose();
        _sockets.Dispose();
    }

    [Fact]
    public void Nothing_wakes_before_something_has_happened()
    {
        ArmBoth();
        _reactor.Poll(0);
        Assert.Empty(_trace);
        Assert.False(_watcher.MayRead);
        Assert.False(_watcher.MayWrite);
    }

    [Fact]
    public void Data_wakes_the_reader_alone()
    {
        ArmBoth();
        _sockets.Send();
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
        Assert.True(_watcher.MayRead);
        Assert.False(_watcher.MayWrite);
        Assert.Equal(1, _reactor.Armed);
    }

    [Fact]
    public void Room_wakes_the_writer_alone()
    {
        ArmBoth();
        TestPair.Drain(_sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(["writer ready"], _trace);
        Assert.True(_watcher.MayWrite);
        Assert.False(_watcher.MayRead);
    }

    [Fact]
    public void Data_and_room_at_once_wake_both_the_reader_first()
    {
        ArmBoth();
        _sockets.Send();
        TestPair.Drain(_sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(["reader ready", "writer ready"], _trace);
        Assert.Equal(0, _reactor.Armed);
    }

    [Fact]
    public void One_event_wakes_once()
    {
        _watcher.ArmReader(_reader);
        _sockets.Send();
        _reactor.Poll(0);
        _watcher.ReadWouldBlock();
        _watcher.ArmReader(_reader);
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
    }

    [Fact]
    public void A_waiter_that_arms_itself_again_in_OnReady_waits_for_the_next_event()
    {
        _reader.Then = it => _watcher.ArmReader(it);
        _watcher.ArmReader(_reader);
        _sockets.Send();
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
        Assert.Equal(1, _reactor.Armed);
        _sockets.Send();
        _reactor.Poll(0);
        Assert.Equal(["reader ready", "reader ready"], _trace);
        _reader.Then = null;
    }

    [Fact]
    public void A_second_reader_is_an_error_at_once_and_leaves_the_first_waiting()
    {
        _watcher.ArmReader(_reader);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => _watcher.ArmReader(new RecordingWaiter("second", _trace)));
        Assert.Contains("/dev/ttyACM0", e.Message, StringComparison.Ordinal);
        Assert.Contains("reader", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(_watcher.ThrowIfReaderUnfit);
        Assert.Equal(1, _reactor.Armed);
        _sockets.Send();
        _reactor.Poll(0);
        Assert.Equal(["reader ready"], _trace);
    }

    [Fact]
    public void A_second_writer_is_an_error_at_once_and_leaves_the_first_waiting()
    {
        _watcher.ArmWriter(_writer);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => _watcher.ArmWriter(new RecordingWaiter("second", _trace)));
        Assert.Contains("writer", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(_watcher.ThrowIfWriterUnfit);
        _watcher.ThrowIfReaderUnfit();
        TestPair.Drain(_sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(["writer ready"], _trace);
    }

    [Fact]
    public void Armed_counts_those_who_wait_whatever_ends_their_wait()
    {
        Assert.Equal(0, _reactor.Armed);
        ArmBoth();
        Assert.Equal(2, _reactor.Armed);
        Assert.True(_watcher.IsWaitedFor);
        _watcher.Disarm(_reader);
        Assert.Equal(1, _reactor.Armed);
        _watcher.Disarm(_reader);
        _watcher.Disarm(new RecordingWaiter());
        Assert.Equal(1, _reactor.Armed);
        TestPair.Drain(_sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(0, _reactor.Armed);
        Assert.False(_watcher.IsWaitedFor);
        _watcher.ArmReader(_reader);
        _watcher.Dispose();
        Assert.Equal(0, _reactor.Armed);
    }

    [Fact]
    public void One_that_has_left_is_not_woken_and_the_event_is_kept_for_the_next()
    {
        _watcher.ArmReader(_reader);
        _watcher.Disarm(_reader);
        _sockets.Send();
        _reactor.Poll(0);
        Assert.Empty(_trace);
        Assert.True(_watcher.MayRead);
    }

    [Fact]
    public void Dispose_wakes_both_waiters_with_the_devices_name()
    {
        ArmBoth();
        _watcher.Dispose();
        Assert.Equal(["reader closed /dev/ttyACM0", "writer closed /dev/ttyACM0"], _trace);
        Assert.True(_watcher.IsClosed);
        _watcher.Dispose();
        Assert.Equal(2, _trace.Count);
    }

    [Fact]
    public void Dispose_comes_before_the_descriptor_is_closed_and_does_not_close_it()
    {
        bool open = false;
        _reader.Then = _ => open = NativeCalls.IsOpen(_sockets.Near);
        _watcher.ArmReader(_reader);
        _watcher.Dispose();
        Assert.True(open);
        Assert.True(NativeCalls.IsOpen(_sockets.Near));
    }

    [Fact]
    public void Who_arms_a_closed_watcher_gets_an_ObjectDisposedException_even_in_OnClosed()
    {
        Exception? inOnClosed = null;
        _reader.Then = it => inOnClosed = Record.Exception(() => _watcher.ArmReader(it));
        _watcher.ArmReader(_reader);
        _watcher.Dispose();
        Assert.IsType<ObjectDisposedException>(inOnClosed);
        Assert.Contains("/dev/ttyACM0", Assert.Throws<ObjectDisposedException>(() => _watcher.ArmWriter(_writer)).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(_watcher.ThrowIfReaderUnfit);
        Assert.Equal(0, _reactor.Armed);
    }

    [Fact]
    public void A_reader_that_closes_the_watcher_in_OnReady_closes_it_under_the_writer()
    {
        _reader.Then = _ => _watcher.Dispose();
        ArmBoth();
        _sockets.Send();
        TestPair.Drain(_sockets.Far);
        _reactor.Poll(0);
        Assert.Equal(["reader ready", "writer closed /dev/ttyACM0"], _trace);
    }

    private void ArmBoth()
    {
        _watcher.ArmReader(_reader);
        _watcher.ArmWriter(_writer);
    }
}
