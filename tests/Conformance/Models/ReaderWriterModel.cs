using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A lock of many readers or one writer.</summary>
/// <remarks>Operations: read, write, tryread, trywrite, release.</remarks>
internal sealed class ReaderWriterModel(bool isSloppy) : Model
{
    private readonly AsyncReaderWriterLock _product = new();
    private readonly Line _line = new();
    private readonly Dictionary<Actor, int> _holders = [];
    private bool _isWriting;
    private bool _isAbandoned;

    protected override async Task ActAsync(Actor actor, Step step)
    {
        bool isWrite = step.What.EndsWith("write", StringComparison.Ordinal);
        switch (step.What)
        {
            case "read" or "write":
                await WaitAsync(
                    actor,
                    step,
                    ticket => Ask(ticket, isWrite),
                    async token => await (isWrite ? _product.AcquireWriteAsync(token) : _product.AcquireReadAsync(token)),
                    limit => isWrite ? _product.TryAcquireWriteAsync(limit) : _product.TryAcquireReadAsync(limit));
                break;
            case "tryread" or "trywrite":
                Outcome outcome = Try(actor, isWrite);
                Same(step.What, outcome, Outcomes.Of(isWrite ? _product.TryAcquireWrite : _product.TryAcquireRead));
                break;
            case "release":
                Release(actor, _isWriting);
                Release(actor, step.Pick % 2 == 0);
                break;
        }
    }

    protected override void LetGo(Actor actor)
    {
        if (isSloppy && actor.Index == 0 && _holders.Remove(actor))
        {
            // The product notices when the coroutine has ended, which is the next thing that happens.
            _isWriting = false;
            _isAbandoned = true;
            actor.HasAbandoned = true;
            _line.FailAll(Outcome.Abandoned);
        }

        while (_holders.ContainsKey(actor))
            Release(actor, _isWriting);
    }

    protected override void Compare()
    {
        Same("whether one writes", _isWriting, _product.IsWriteHeld);
        Same("the number of readers", _isWriting ? 0 : _holders.Count, _product.ReaderCount);
        Same("the writer", _isWriting ? _holders.Keys.Single().Name : null, _product.Statistics.Owner?.Name);
        Same("the number of waiters", _line.Count, _product.Statistics.Waiters);
    }

    protected override void CompareEnd() => Same("the number of holders at the end", 0, _holders.Count);

    private Outcome Try(Actor actor, bool isWrite)
    {
        if (_isAbandoned)
            return Outcome.Abandoned;
        bool readsOn = !isWrite && !_isWriting && _holders.ContainsKey(actor);
        if (!readsOn && (_line.Count > 0 || !IsFreeFor(isWrite)))
            return Outcome.NotInTime;
        Enter(actor, isWrite);
        return Outcome.Done;
    }

    private Outcome? Ask(Ticket ticket, bool isWrite)
    {
        if (Try(ticket.Actor, isWrite) is not Outcome.NotInTime and { } atOnce)
            return atOnce;
        if (_holders.ContainsKey(ticket.Actor))
            return Outcome.Deadlock;
        ticket.Cargo = isWrite;
        ticket.OnLeft = PassOn;
        ticket.OnTakenBack = () => Leave(ticket.Actor);
        _line.Add(ticket);
        return null;
    }

    private bool IsFreeFor(bool isWrite) => _holders.Count == 0 || (!isWrite && !_isWriting);

    private void Enter(Actor actor, bool isWrite)
    {
        _holders[actor] = _holders.GetValueOrDefault(actor) + 1;
        _isWriting = isWrite;
    }

    private void Release(Actor actor, bool isWrite)
    {
        bool may = _holders.ContainsKey(actor) && isWrite == _isWriting;
        if (may)
            Leave(actor);
        Same("releasing", may ? Outcome.Done : Outcome.Stranger, Outcomes.Of(isWrite ? _product.ReleaseWrite : _product.ReleaseRead));
    }

    private void Leave(Actor actor)
    {
        if (--_holders[actor] > 0)
            return;
        _holders.Remove(actor);
        _isWriting = false;
        PassOn();
    }

    private void PassOn()
    {
        while (!_isAbandoned && _line.First is { Cargo: bool isWrite } next && IsFreeFor(isWrite))
        {
            next.Grant();
            Enter(next.Actor, isWrite);
        }
    }
}
