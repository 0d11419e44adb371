using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class DeviceEventsTests
{
    private static readonly ButtonOptions s_options = new() { Debounce = TimeSpan.Zero };

    [Fact]
    public void A_handler_that_throws_is_reported_and_stops_neither_itself_nor_the_others() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        using IDisposable bad = button.Pressed.Subscribe(Fail);
        using IDisposable good = button.Pressed.Subscribe(_ => run.At("good"));
        using IDisposable awaiting = button.Pressed.Subscribe(async _ =>
        {
            await Coroutine.Sleep(Seconds(0.1));
            run.At("awaiting");
            throw new InvalidOperationException("late oops");
        });
        await run.Drive(22, false, 1, 1.5, 2, 2.5);
        run.Expect("1 bad", "1 good", "1.1 awaiting", "2 bad", "2 good", "2.1 awaiting");
        const string name = "a handler of Pressed of the button on line 22: ";
        Assert.Equal([$"{name}oops", $"{name}late oops", $"{name}oops", $"{name}late oops"], run.TakeReports());

        void Fail(ButtonEvent press)
        {
            run.At("bad");
            throw new InvalidOperationException("oops");
        }
    });

    [Fact]
    public void An_async_handler_takes_one_after_the_other() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        IDisposable handler = button.Pressed.Subscribe(async press =>
        {
            run.At("begins");
            await Coroutine.Sleep(Seconds(1));
            run.At("ends");
        });
        await run.Drive(22, false, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
        await Coroutine.Sleep(Seconds(2));
        handler.Dispose();
        handler.Dispose();
        await Coroutine.Sleep(Seconds(5));
        run.Expect("0.1 begins", "1.1 ends", "1.1 begins", "2.1 ends", "2.1 begins");
        Assert.Equal(0, button.Pressed.ListenerCount);
    });

    [Fact]
    public void A_handler_may_leave_and_others_come_while_it_is_called() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        IDisposable? first = null;
        first = button.Pressed.Subscribe(_ =>
        {
            run.At("first");
            first!.Dispose();
            button.Pressed.Subscribe(_ => run.At("second"));
        });
        await run.Drive(22, false, 1, 2, 3, 4);
        run.Expect("1 first", "3 second");
    });

    [Fact]
    public void A_handler_that_another_takes_away_is_called_no_more_not_even_for_the_present_event() => Run(async run =>
    {
        Button button = new(run.Board, 22, s_options);
        IDisposable? third = null;
        using IDisposable first = button.Pressed.Subscribe(_ => third!.Dispose());
        using IDisposable second = button.Pressed.Subscribe(_ => run.At("second"));
        third = button.Pressed.Subscribe(_ => run.At("third"));
        await run.Drive(22, false, 1, 2);
        run.Expect("1 second");
        using IDisposable killer = button.Released.Subscribe(_ => button.Dispose());
        using IDisposable after = button.Released.Subscribe(_ => run.At("after the end"));
        await run.Drive(22, false, 3, 4);
        run.Expect("3 second");
    });

    [Fact]
    public void A_handler_may_dispose_of_the_device() => Run(async run =>
    {
        Button button = new(run.Board, 22, s_options);
        Coroutine waiter = Coroutine.Spawn(() => button.Released.NextAsync());
        button.Pressed.Subscribe(_ => button.Dispose());
        await run.Drive(22, false, 1, 2);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiter);
        Assert.Equal(1, CoroutineScheduler.Current.ActiveCount);
    });

    [Fact]
    public void Who_is_a_thousand_behind_is_cut_off_and_told() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        await using IAsyncEnumerator<ButtonEvent> stream = button.Pressed.GetAsyncEnumerator();
        for (int i = 0; i < 1030; i++)
        {
            run.Board.Drive(22, false);
            run.Board.Drive(22, true);
            await Coroutine.Sleep(Milliseconds(1));
        }

        for (int i = 0; i < 1024; i++)
            Assert.True(await stream.MoveNextAsync());
        await Assert.ThrowsAsync<SubscriberTooSlowException>(async () => await stream.MoveNextAsync());
    });

    [Fact]
    public void The_decoder_killed_by_somebody_else_leaves_nobody_waiting() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        Coroutine waiter = Coroutine.Spawn(() => button.WaitForPressAsync());
        await Coroutine.Sleep(Seconds(1));
        await CoroutineScheduler.Current.Coroutines.Single(one => one.Name == "the button on line 22").KillAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiter);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await button.Pressed.NextAsync());
    });
}
