using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A condition and its lock. The picture knows the line of those that wait for a notification; of the lock it knows who
/// is inside.</summary>
/// <remarks>Operations: wait, notify, notifyall, hold. Whether one that was notified has run, and waits for the lock already,
/// can't be told from outside: then a kill may come too late for it. Where others wait, they show which it was.</remarks>
internal sealed class ConditionModel : Model
{
    private static readonly object s_eitherWay = new();
    private readonly OwnedLock _lock;
    private readonly AsyncCondition _product;
    private readonly Line _line = new();
    private readonly int _depth;
    private Actor? _inside;

    internal ConditionModel(int depth)
    {
        _depth = depth;
        _lock = depth > 1 ? new AsyncReentrantLock() : new AsyncLock();
        _product = new AsyncCondition(_lock);
    }

    protected override async Task ActAsync(Actor actor, Step step)
    {
        int taken = 0;
        try
        {
            for (; taken < _depth; taken++)
                await _lock.AcquireAsync();
            Enter(actor);
            await ActInsideAsync(actor, step);
        }
        finally
        {
            _inside = taken == _depth ? null : _inside;
            while (taken-- > 0)
                _lock.Release();
        }
    }

    protected override void Compare() => Same("the number of waiters", _line.Count, _product.Statistics.Waiters);

    protected override void CompareEnd()
    {
        Same("whether the lock is held at the end", false, _lock.IsHeld);
        Same("the number of those that wait for it at the end", 0, _lock.Statistics.Waiters);
    }

    protected override bool MayBeHeldUp(Ticket ticket) => _lock.IsHeld;

    protected override bool Interrupt(Ticket ticket, Outcome outcome, Action product)
    {
        if (ticket.State is not (TicketState.Granted or TicketState.NotInTime))
            return base.Interrupt(ticket, outcome, product);
        int before = _product.Statistics.Waiters;
        product();
        if (ticket is { State: TicketState.Granted, OnTakenBack: not null } && before > 0)
            return _product.Statistics.Waiters < before && ticket.Interrupt(outcome);
        ticket.Cargo = s_eitherWay;
        return false;
    }

    // Time moves on only when all have run: one that was woken before waits for its lock by now, and is not to be disturbed.
    protected override void PassDeadline(Ticket ticket, long now)
    {
        if (ticket.State == TicketState.Waiting)
            base.PassDeadline(ticket, now);
    }

    protected override void OnOver(Ticket ticket, Step step, Outcome outcome)
    {
        if (ticket.Cargo != s_eitherWay || outcome is not (Outcome.Killed or Outcome.Cancelled))
            base.OnOver(ticket, step, outcome);
        else if (outcome == Outcome.Killed)
            Same("whether it was killed", true, ticket.Actor.IsKilled);
    }

    private async Task ActInsideAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "wait":
                await WaitAsync(actor, step, Ask, token => OutsideAsync(actor, _product.WaitAsync(token).AsTask()), async limit =>
                {
                    Task<bool> wait = _product.WaitAsync(limit).AsTask();
                    await OutsideAsync(actor, wait);
                    return await wait;
                });
                break;
            case "notify":
                int count = 1 + step.Pick % 3;
                for (int i = 0; i < count && _line.First is { } next; i++)
                    next.Grant();
                _product.Notify(count);
                break;
            case "notifyall":
                while (_line.First is { } next)
                {
                    next.Grant();
                    next.OnTakenBack = null;
                }

                _product.NotifyAll();
                break;
            case "hold":
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(step.Limit));
                break;
        }
    }

    private async ValueTask OutsideAsync(Actor actor, Task wait)
    {
        _inside = _inside == actor ? null : _inside;
        try
        {
            await wait;
        }
        finally
        {
            Enter(actor);
        }
    }

    private void Enter(Actor actor)
    {
        Same("who is inside already", null, _inside?.Name);
        Same("whether the lock is held", true, _lock.IsHeldByCurrent);
        if (_lock is AsyncReentrantLock reentrant)
            Same("how deep", _depth, reentrant.Depth);
        _inside = actor;
    }

    private Outcome? Ask(Ticket ticket)
    {
        _line.Add(ticket);
        ticket.OnTakenBack = () => _line.First?.Grant();
        return null;
    }
}
