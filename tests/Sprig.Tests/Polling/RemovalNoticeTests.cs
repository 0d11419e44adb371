using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

/// <summary>A file stands in for a device's node; real ones are removed in tests/OnBoard.</summary>
public sealed class RemovalNoticeTests : IDisposable
{
    private readonly Reactor _reactor = new();
    private readonly List<string> _trace = [];
    private readonly string _node = Path.GetTempFileName();

    public void Dispose()
    {
        _reactor.Dispose();
        File.Delete(_node);
    }

    [Fact]
    public void A_node_that_is_removed_though_somebody_has_it_open_wakes_who_follows_it_and_nobody_else()
    {
        using FileStream open = File.OpenRead(_node);
        using TestPair followed = TestPair.Pipe(), other = TestPair.Pipe();
        FdWatcher watcher = _reactor.Watch(followed.Near, read: true, write: false, "a line");
        _reactor.FollowRemoval(watcher, _node);
        watcher.ArmReader(new RecordingWaiter("line", _trace));
        _reactor.Watch(other.Near, read: true, write: false, "a pipe").ArmReader(new RecordingWaiter("pipe", _trace));
        Assert.Equal(0, _reactor.Poll(0));
        Assert.False(watcher.MayRead);
        File.Delete(_node);
        _reactor.Poll(10_000_000_000);
        Assert.StartsWith("line", Assert.Single(_trace), StringComparison.Ordinal);
        Assert.True(watcher.MayRead);
        Assert.Equal(1, _reactor.Armed);
        while (_reactor.Poll(0) > 0)
            Assert.Single(_trace);
    }

    [Fact]
    public void A_node_that_is_gone_already_lets_its_reader_look_at_once()
    {
        using TestPair followed = TestPair.Pipe();
        FdWatcher watcher = _reactor.Watch(followed.Near, read: true, write: false, "a line");
        _reactor.FollowRemoval(watcher, _node + ".none");
        Assert.True(watcher.MayRead);
    }
}
