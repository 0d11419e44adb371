using Sprig.Scheduling;

namespace Conformance.Models;

/// <summary>A primitive beside a simple picture of it: lists, searched from the front. Both are asked the same, and after each
/// step of each actor they must show the same.</summary>
/// <remarks>The picture is told of everything when it happens: operations and kills by the actors themselves, timeouts and
/// deadlines by the clock, in the order in which they were set. So it knows who is to get what, and when.</remarks>
internal abstract partial class Model
{
    private const int PlayMilliseconds = 400;
    private readonly List<Actor> _actors = [];
    private Exception? _failure;

    protected ObservedClock Clock { get; } = new();

    protected IReadOnlyList<Actor> Actors => _actors;

    /// <summary>Plays a script; throws where the primitive and the picture differ.</summary>
    internal void Play(Script script)
    {
        Clock.BeforeFiring = FireDue;
        Clock.WhenIdle = ExpectNobodyForgotten;
        Exception? ending = Record(() => CoroutineScheduler.Run(() => DirectAsync(script), new SchedulerOptions
        {
            Clock = Clock,
            RandomSeed = script.RandomSeed,
            KillGrace = TimeSpan.FromHours(1),
            ErrorOutput = TextWriter.Null,
        }));
        if ((_failure ?? ending) is { } failure)
            throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>One operation of the primitive.</summary>
    protected abstract Task ActAsync(Actor actor, Step step);

    /// <summary>Lets go of all that the actor holds: its script is over, or it was killed.</summary>
    protected virtual void LetGo(Actor actor)
    {
    }

    /// <summary>Compares what both show.</summary>
    protected abstract void Compare();

    /// <summary>All actors have ended.</summary>
    protected virtual void CompareEnd()
    {
    }

    /// <summary>Whether one whose wait is decided may be held up all the same.</summary>
    protected virtual bool MayBeHeldUp(Ticket ticket) => false;

    protected void Same<T>(string what, T picture, T product)
    {
        if (!EqualityComparer<T>.Default.Equals(picture, product))
            throw Different($"{what} is {product}, and should be {picture}");
    }

    private InvalidOperationException Different(string how) => new($"At {Clock.Elapsed.TotalMilliseconds} ms: {how}.");

    private async Task DirectAsync(Script script)
    {
        await Clock.LearnContextAsync();
        for (int i = 0; i < script.Parts.Length; i++)
        {
            Actor actor = new(i);
            _actors.Add(actor);
            Step[] part = script.Parts[i];
            actor.Coroutine = Coroutine.Spawn(() => PlayAsync(actor, part), new SpawnOptions { Name = actor.Name });
        }

        try
        {
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(PlayMilliseconds));
            await EndAsync();
        }
        finally
        {
            // Where both differ, nobody may be left waiting.
            _actors.ForEach(actor => actor.Coroutine.Kill());
        }
    }

    private async Task EndAsync()
    {
        foreach (Actor actor in _actors)
        {
            Kill(actor);
            Compare();
        }

        await Coroutine.JoinAll(_actors.Select(actor => actor.Coroutine));
        foreach (Actor actor in _actors)
        {
            if (actor.Coroutine.Exception is { } error && !(error is AbandonedLockException && actor.HasAbandoned))
                _failure ??= error;
        }

        Compare();
        CompareEnd();
        Same("the number of coroutines", 1, CoroutineScheduler.Current.ActiveCount);
    }

    private async Task PlayAsync(Actor actor, Step[] part)
    {
        actor.HasBegun = true;
        try
        {
            foreach (Step step in part)
            {
                Compare();
                await StepAsync(actor, step);
                Compare();
            }
        }
        catch (CoroutineKilledException) when (actor.IsKilled)
        {
            actor.IsKillDelivered = true;
        }
        catch (Exception e)
        {
            _failure ??= e;
            throw;
        }
        finally
        {
            actor.IsOver = true;
            LetGo(actor);
        }
    }

    private async Task StepAsync(Actor actor, Step step)
    {
        TimeSpan length = TimeSpan.FromMilliseconds(step.Limit);
        switch (step.What)
        {
            case "sleep":
                await Coroutine.Sleep(length);
                Same($"whether {actor.Name} hears of its kill at a sleep", false, actor.IsKillDue);
                break;
            case "yield":
                await Coroutine.Yield();
                Same($"whether {actor.Name} hears of its kill at a yield", false, actor.IsKillDue);
                break;
            case "busy":
                Clock.Advance(length);
                break;
            case "kill":
                Kill(_actors[step.Pick % _actors.Count]);
                break;
            case "cancel":
                Cancel(_actors[step.Pick % _actors.Count]);
                break;
            default:
                await ActAsync(actor, step);
                break;
        }
    }

    private void ExpectNobodyForgotten()
    {
        foreach (Ticket ticket in _decided)
        {
            if (!ticket.IsOver && !MayBeHeldUp(ticket))
                _failure ??= Different($"{ticket.Actor.Name} still waits, and should have gone on");
        }
    }

    private static Exception? Record(Action run)
    {
        try
        {
            run();
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is the test's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
