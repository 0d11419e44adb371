namespace Sprig.Scheduling;

/// <content>Its token, for awaits of foreign code, and whose cancellation is whose.</content>
public sealed partial class Deadline
{
    private CancellationTokenSource? _token;
    private CancellationToken _lent;

    /// <summary>The tokens of the deadlines inside it, which are cancelled with its own.</summary>
    private HashSet<CancellationToken>? _lentInside;

    /// <summary>Cancelled when it passes, or one around it, and when its coroutine is killed: for awaits of foreign code.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_token is null)
            {
                _token = CancellationTokenSource.CreateLinkedTokenSource(Outer?.Token ?? _coroutine.Token);
                _lent = _token.Token;
                for (Deadline? outer = Outer; outer is not null; outer = outer.Outer)
                    (outer._lentInside ??= []).Add(_lent);
                if (HasPassed)
                    _token.Cancel();
            }

            return _lent;
        }
    }

    /// <summary>Whether an exception is how this deadline ends its block: its own, or the cancellation of a foreign await by its
    /// <see cref="Token"/>. For who catches one of several.</summary>
    public bool Caused(Exception exception) => exception switch
    {
        DeadlineExceededException e => e.Deadline == this,
        OperationCanceledException { CancellationToken: { CanBeCanceled: true } token }
            => HasPassed && (token == _lent || _lentInside?.Contains(token) == true),
        _ => false,
    };

    private void TakeTokenBack()
    {
        if (_token is null)
            return;
        // Else the exception is on its way outwards, to be caught by whichever has passed.
        if (!_token.IsCancellationRequested)
        {
            for (Deadline? outer = Outer; outer is not null; outer = outer.Outer)
                outer._lentInside?.Remove(_lent);
        }

        _token.Dispose();
    }
}
