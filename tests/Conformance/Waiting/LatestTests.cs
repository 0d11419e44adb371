using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class LatestTests
{
    private readonly Scenario _scene = new();
    private readonly Latest<int> _latest = new("the reading");

    [Fact]
    public void The_newest_value_wins_and_what_came_in_between_is_missed()
    {
        _scene.Run(async () =>
        {
            Coroutine reader = _scene.Go("reader", async () =>
            {
                await foreach (int value in _latest)
                {
                    _scene.At($"{value}");
                    await Scenario.Sleep(2.5);
                }
            });
            for (int i = 1; i <= 5; i++)
            {
                _latest.Set(i);
                await Scenario.Sleep(1);
            }

            _latest.Shutdown();
            await reader;
        });
        _scene.Log.Expect("0 1", "2.5 3", "5 5", "reader");
    }

    [Fact]
    public void A_get_waits_for_the_first_value_and_for_no_other() => _scene.Run(async () =>
    {
        Assert.False(_latest.HasValue);
        Assert.False(_latest.TryGet(out _));
        Assert.Contains("'the reading'", Assert.Throws<QueueEmptyException>(() => _latest.Value).Message, StringComparison.Ordinal);
        Coroutine reader = _scene.Go("reader", async () => await _latest.GetAsync());
        await Scenario.Sleep(1);
        _latest.Set(7);
        await reader;
        _scene.Log.Expect("reader 7");
        Assert.Equal(7, await _latest.GetAsync());
        Assert.Equal(7, _latest.Value);
    });

    [Fact]
    public void A_get_for_a_newer_value_waits_until_there_is_one() => _scene.Run(async () =>
    {
        _latest.Set(1);
        Coroutine reader = _scene.Go("reader", async () => await _latest.GetNewerAsync(_latest.Version));
        Coroutine patient = _scene.Go("patient", async () => await _latest.GetNewerAsync(2));
        await Scenario.Sleep(1);
        _latest.Set(2);
        await Scenario.Sleep(1);
        _scene.Log.Expect("reader 2");
        _latest.Set(3);
        await Coroutine.JoinAll(reader, patient);
        _scene.Log.Expect("reader 2", "patient 3");
    });

    [Fact]
    public void One_that_was_woken_gets_what_is_newest_when_it_runs() => _scene.Run(async () =>
    {
        Coroutine reader = _scene.Go("reader", async () => await _latest.GetAsync());
        await Coroutine.Yield();
        _latest.Set(1);
        _latest.Set(2);
        await reader;
        _scene.Log.Expect("reader 2");
    });

    [Fact]
    public void All_that_wait_get_it() => _scene.Run(async () =>
    {
        Coroutine[] readers = [.. "abc".Select(name => _scene.Go($"{name}", async () => await _latest.GetAsync()))];
        await Coroutine.Yield();
        _latest.Set(1);
        await Coroutine.JoinAll(readers);
        _scene.Log.Expect("a 1", "b 1", "c 1");
    });

    [Fact]
    public void A_shutdown_ends_the_waits_and_the_newest_value_stays() => _scene.Run(async () =>
    {
        _latest.Set(1);
        Coroutine reader = _scene.Go("reader", async () => await _latest.GetNewerAsync(1));
        await Coroutine.Yield();
        _latest.Shutdown();
        await reader;
        _scene.Log.Expect("reader QueueShutdownException");
        Assert.Throws<QueueShutdownException>(() => _latest.Set(2));
        Assert.Equal(1, await _latest.GetAsync());
    });

    [Fact]
    public void A_value_that_was_set_before_the_shutdown_is_still_seen() => _scene.Run(async () =>
    {
        Coroutine reader = _scene.Go("reader", async () => await _latest.GetAsync());
        await Coroutine.Yield();
        _latest.Set(1);
        _latest.Shutdown();
        await reader;
        _scene.Log.Expect("reader 1");
    });
}
