using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>Owned locks, several of them, so that actors may get into circles.</summary>
/// <remarks>Operations: acquire, try, release.</remarks>
internal sealed class LockModel : Model
{
    private readonly Picture[] _locks;
    private readonly bool _isSloppy;

    internal LockModel(bool isSloppy, params OwnedLock[] locks)
    {
        _locks = [.. locks.Select(product => new Picture(product))];
        _isSloppy = isSloppy;
    }

    protected override async Task ActAsync(Actor actor, Step step)
    {
        Picture it = _locks[step.Pick % _locks.Length];
        actor.IsSloppy = _isSloppy && actor.Index == 0;
        switch (step.What)
        {
            case "acquire":
                await WaitAsync(
                    actor,
                    step,
                    ticket => Ask(it, ticket),
                    async token => await it.Product.AcquireAsync(token),
                    limit => it.Product.TryAcquireAsync(limit));
                break;
            case "try":
                Same($"{actor.Name} trying", Try(it, actor), Outcomes.Of(it.Product.TryAcquire));
                break;
            case "release":
                Release(it, actor);
                break;
        }
    }

    protected override void LetGo(Actor actor)
    {
        foreach (Picture it in _locks.Where(it => it.Owner == actor))
        {
            if (actor.IsSloppy)
                Abandon(it, actor);
            while (it.Owner == actor)
                Release(it, actor);
        }
    }

    protected override void Compare()
    {
        foreach (Picture it in _locks)
        {
            Same("the owner", it.Owner?.Name, it.Product.Statistics.Owner?.Name);
            Same("the number of waiters", it.Line.Count, it.Product.Statistics.Waiters);
            if (it.Product is AsyncReentrantLock reentrant && reentrant.IsHeldByCurrent)
                Same("the depth", it.Count, reentrant.Depth);
        }
    }

    protected override void CompareEnd()
    {
        foreach (Picture it in _locks)
            Same("whether it is held at the end", false, it.Product.IsHeld);
    }

    private static Outcome Try(Picture it, Actor actor)
    {
        if (it.Owner is null)
        {
            if (it.IsAbandoned)
                return Outcome.Abandoned;
            (it.Owner, it.Count) = (actor, 1);
            return Outcome.Done;
        }

        if (it.Owner != actor || it.Product is not AsyncReentrantLock)
            return Outcome.NotInTime;
        it.Count++;
        return Outcome.Done;
    }

    private static Outcome? Ask(Picture it, Ticket ticket)
    {
        if (Try(it, ticket.Actor) is not Outcome.NotInTime and { } atOnce)
            return atOnce;
        if (it.Owner == ticket.Actor || (ticket.Way == Way.Plain && LeadsTo(ticket.Actor, it)))
            return Outcome.Deadlock;
        it.Line.Add(ticket);
        ticket.Cargo = it;
        ticket.OnTakenBack = () => CountDown(it);
        return null;
    }

    /// <summary>Whether those that hold it wait, for certain, for this one in the end.</summary>
    private static bool LeadsTo(Actor goal, Picture it)
    {
        while (it.Owner is { } owner && owner != goal)
        {
            if (owner.Ticket is not { State: TicketState.Waiting, Way: Way.Plain, Cargo: Picture next })
                return false;
            it = next;
        }

        return it.Owner == goal;
    }

    private void Release(Picture it, Actor actor)
    {
        bool isOwner = it.Owner == actor;
        if (isOwner)
            CountDown(it);
        Same($"{actor.Name} releasing", isOwner ? Outcome.Done : Outcome.Stranger, Outcomes.Of(it.Product.Release));
    }

    private static void CountDown(Picture it)
    {
        if (--it.Count > 0)
            return;
        it.Owner = null;
        if (it.Line.First is not { } next)
            return;
        (it.Owner, it.Count) = (next.Actor, 1);
        next.Grant();
    }

    // The product notices when the coroutine has ended, which is the next thing that happens.
    private static void Abandon(Picture it, Actor actor)
    {
        (it.Owner, it.Count, it.IsAbandoned) = (null, 0, true);
        actor.HasAbandoned = true;
        it.Line.FailAll(Outcome.Abandoned);
    }

    private sealed class Picture(OwnedLock product)
    {
        internal OwnedLock Product => product;

        internal Actor? Owner { get; set; }

        internal int Count { get; set; }

        internal bool IsAbandoned { get; set; }

        internal Line Line { get; } = new();
    }
}
