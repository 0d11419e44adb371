using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine.Token, of Coroutine.Killing.cs.</summary>
public class KillTokenTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_kill_of_a_foreign_await_comes_through_the_token()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource foreign = new();
            Coroutine child = Coroutine.Spawn(async () =>
            {
                CancellationToken token = Coroutine.Current.Token;
                Assert.Equal(token, Coroutine.Current.Token);
                try
                {
                    await foreign.Task.WaitAsync(token);
                }
                finally
                {
                    _run.Log.Add($"{Coroutine.Current.Name} cancelled {token.IsCancellationRequested}");
                }
            }, new SpawnOptions { Name = "child" });
            await Coroutine.Yield();
            child.Kill();
            _run.Log.Add("killed");
            await child.JoinAsync();
            _run.Log.Add($"{child.State}");
        });
        _run.Log.Expect("killed", "child cancelled True", "Killed");
    }

    [Fact]
    public void A_token_taken_after_the_kill_is_cancelled_already_and_its_callbacks_may_throw() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(async () =>
        {
            Coroutine.Current.Kill();
            Assert.True(Coroutine.Current.Token.IsCancellationRequested);
            await Coroutine.Yield();
        });
        Coroutine other = Coroutine.Spawn(async () =>
        {
            Coroutine.Current.Token.Register(() => throw new InvalidOperationException("thrown by a registration"));
            await Bodies.SleepForEver();
        }, new SpawnOptions { Name = "other" });
        await Coroutine.Yield();
        other.Kill();
        Assert.True(await Coroutine.JoinAll(child, other));
        Assert.Equal((CoroutineState.Killed, CoroutineState.Killed), (child.State, other.State));
        Assert.Contains("thrown by a registration", _run.Errors.ToString(), StringComparison.Ordinal);
    });
}
