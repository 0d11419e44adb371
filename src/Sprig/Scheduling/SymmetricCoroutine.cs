namespace Sprig.Scheduling;

/// <summary>What all symmetric coroutines have, whatever they take and give: see
/// <see cref="SymmetricCoroutine{TIn, TOut}"/>.</summary>
public abstract class SymmetricCoroutine
{
    private static int s_count;
    private readonly int _number;
    private string? _name;
    private SymmetricCoroutine? _parent;
    private SwitchLanding? _landings;

    private protected SymmetricCoroutine(string? name, SymmetricCoroutine? parent, Switchboard? board)
    {
        _number = Interlocked.Increment(ref s_count);
        _name = name;
        _parent = parent;
        Board = board;
    }

    /// <summary>The one whose body runs here now; null in the root: the code that none of them runs.</summary>
    public static SymmetricCoroutine? Current => Switchboard.Here.Current is var current and not SwitchRoot ? current : null;

    /// <summary>Its name in errors.</summary>
    public string Name => _name ??= $"symmetric-{_number}";

    /// <summary>Whether control was ever handed to it.</summary>
    public bool IsStarted => Board is not null;

    /// <summary>Whether it has not ended; true before it has started too.</summary>
    public bool IsAlive { get; private protected set; } = true;

    /// <summary>Who gets control when it ends, with its result or its error: the one whose body made it, unless set; null is the
    /// root. When that has ended, it is that one's own parent.</summary>
    /// <exception cref="ArgumentException">The parents would form a circle.</exception>
    public SymmetricCoroutine? Parent
    {
        get
        {
            // Where each makes the next before it ends, the ended must not hang on each other in an endless chain.
            while (_parent is { IsAlive: false } ended)
                _parent = ended._parent;
            return _parent;
        }

        set
        {
            for (SymmetricCoroutine? one = value; one is not null; one = one._parent)
            {
                if (one == this)
                    throw new ArgumentException($"{this} can't have {value} as its parent: that were a circle.", nameof(value));
            }

            _parent = value;
        }
    }

    /// <summary>Where it runs: the first that it was switched to on, since the frames of its body wait for that.</summary>
    internal Switchboard? Board { get; set; }

    /// <summary>The place where it waits for control; null while it has it, and when it has ended.</summary>
    internal SwitchLanding? Pending { get; set; }

    /// <summary>Whom SwitchBack goes to.</summary>
    internal SymmetricCoroutine? SwitchedBy { get; set; }

    /// <summary>Who gets control at its end in its parent's stead: the one that disposes of it.</summary>
    internal SymmetricCoroutine? Heir { get; set; }

    /// <summary>The flow of the one that starts it, until it has started.</summary>
    internal ExecutionContext? Flow { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"symmetric coroutine '{Name}'";

    /// <summary>Where it can wait for a value of this type.</summary>
    internal SwitchLanding<T> LandingFor<T>()
    {
        for (SwitchLanding? landing = _landings; landing is not null; landing = landing.Next)
        {
            if (landing is SwitchLanding<T> fit)
                return fit;
        }

        SwitchLanding<T> added = new(this) { Next = _landings };
        _landings = added;
        return added;
    }
}
