using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

/// <summary>What holds whatever runs first.</summary>
public class RandomOrderTests
{
    private const int Seeds = 200;

    [Fact]
    public void Whatever_drove_an_LED_before_the_last_write_wins()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            Run(async run =>
            {
                using Led led = new(run.Board, 17);
                using Button button = new(run.Board, 22, new ButtonOptions { Debounce = TimeSpan.Zero });
                List<Coroutine> works = [];
                List<Coroutine> users = [];
                for (int i = 0; i < 8; i++)
                    users.Add(Coroutine.Spawn(() => UseAsync(led, button, works, random)));
                users.Add(Coroutine.Spawn(async () =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        await Coroutine.Sleep(Milliseconds(random.Next(4)));
                        run.Board.Drive(22, i % 2 == 0);
                    }
                }));
                await Coroutine.Sleep(Milliseconds(random.Next(40)));
                foreach (Coroutine user in users)
                    user.Kill();
                led.On();
                await Coroutine.Sleep(Seconds(10));
                Assert.True(run.Board[17]);
                Assert.All(works, work => Assert.False(work.IsAlive));
                // This one, and what reads the button.
                Assert.Equal(2, CoroutineScheduler.Current.ActiveCount);
            }, seed);
        }
    }

    [Fact]
    public void A_killed_work_leaves_the_LED_off_unless_somebody_else_drives_it()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            Run(async run =>
            {
                using Led led = new(run.Board, 17);
                led.On();
                Coroutine blink = led.Blink(Milliseconds(1), Milliseconds(1));
                Coroutine killer = Coroutine.Spawn(async () =>
                {
                    await Coroutine.Sleep(Milliseconds(random.Next(4)));
                    blink.Kill();
                });
                bool writes = random.Next(2) == 0;
                if (writes)
                {
                    await Coroutine.Sleep(Milliseconds(random.Next(4)));
                    led.On();
                }

                await killer;
                await Coroutine.Sleep(Seconds(1));
                Assert.False(blink.IsAlive);
                Assert.Equal(writes, run.Board[17]);
            }, seed);
        }
    }

    [Fact]
    public void Presses_through_a_bouncing_contact_are_counted_once()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Run(async run =>
            {
                using Button button = new(run.Board, 22);
                int presses = 0, releases = 0, clicks = 0;
                using IDisposable pressed = button.Pressed.Subscribe(_ => { presses++; });
                using IDisposable released = button.Released.Subscribe(_ => { releases++; });
                using IDisposable clicked = button.Clicked.Subscribe(_ => { clicks++; });
                Bounce bounce = new(Count: 5, Spacing: Milliseconds(0.7), Seed: seed);
                for (int i = 0; i < 10; i++)
                {
                    run.Board.Pin(22).Press(bounce: bounce);
                    await Coroutine.Sleep(Milliseconds(100));
                    Assert.True(button.IsPressed);
                    run.Board.Pin(22).Release(bounce);
                    await Coroutine.Sleep(Seconds(1));
                    Assert.False(button.IsPressed);
                }

                Assert.Equal((10, 10, 10), (presses, releases, clicks));
            }, seed);
        }
    }

    [Fact]
    public void Every_stream_gets_every_press_in_order()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            Run(async run =>
            {
                Button button = new(run.Board, 22, new ButtonOptions { Debounce = TimeSpan.Zero });
                List<MonotonicTime>[] seen = [[], [], []];
                List<Coroutine> streams = [.. seen.Select(one => Coroutine.Spawn(async () =>
                {
                    await foreach (ButtonEvent press in button.Pressed)
                    {
                        one.Add(press.Timestamp);
                        if (random.Next(3) == 0)
                            await Coroutine.Sleep(Milliseconds(random.Next(5)));
                    }
                }))];
                for (int i = 0; i < 5; i++)
                    await Coroutine.Yield();
                Coroutine victim = Coroutine.Spawn(() => button.Pressed.NextAsync());
                List<MonotonicTime> pressed = [];
                for (int i = 0; i < 30; i++)
                {
                    pressed.Add(run.Clock.Now);
                    run.Board.Drive(22, false);
                    if (random.Next(2) == 0)
                        await Coroutine.Sleep(Milliseconds(random.Next(3)));
                    run.Board.Drive(22, true);
                    await Coroutine.Sleep(Milliseconds(random.Next(3)));
                    if (i == 3)
                        victim.Kill();
                }

                await Coroutine.Sleep(Seconds(1));
                button.Dispose();
                await Coroutine.JoinAll(streams, raiseError: true);
                Assert.All(seen, one => Assert.Equal(pressed, one));
            }, seed);
        }
    }

    private static async Task UseAsync(Led led, Button button, List<Coroutine> works, Random random)
    {
        while (true)
        {
            await Coroutine.Sleep(Milliseconds(random.Next(5)));
            switch (random.Next(8))
            {
                case 0:
                    led.On();
                    break;
                case 1:
                    led.Off();
                    break;
                case 2:
                    led.Toggle();
                    break;
                case 3:
                    works.Add(led.Blink(Milliseconds(1), Milliseconds(2)));
                    break;
                case 4:
                    works.Add(led.Blink(Milliseconds(1), Milliseconds(0), count: 2));
                    break;
                case 5:
                    await led.PulseAsync(Milliseconds(1 + random.Next(3)));
                    break;
                case 6:
                    await Deadline.TryRunAsync(Milliseconds(random.Next(5)), () => led.FollowAsync(button.Values()));
                    break;
                default:
                    if (works.Count > 0)
                        works[^1].Kill();
                    break;
            }
        }
    }
}
