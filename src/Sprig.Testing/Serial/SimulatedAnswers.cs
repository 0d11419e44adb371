using Sprig.Scheduling;

namespace Sprig.Testing.Serial;

/// <summary>How a simulated device on a serial line answers what it is asked: at once and rightly, unless a test has it be silent, late
/// or garbled. It counts what it did.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class SimulatedAnswers
{
    private int _silent;
    private int _late;
    private TimeSpan _lateBy;
    private int _garbled;
    private Func<byte[], byte[]> _garbling = FlipBit;

    private protected SimulatedAnswers()
    {
    }

    /// <summary>It hears, but does not answer: a loose wire.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Every answer is garbled: a long wire.</summary>
    public bool IsGarbling { get; set; }

    /// <summary>How long it takes for every answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What it was asked and understood.</summary>
    public long Requests { get; private set; }

    /// <summary>Answers that it has written, garbled ones too.</summary>
    public long Answers { get; private set; }

    /// <summary>The next requests get no answer.</summary>
    public void BeSilentFor(int requests)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(requests);
        _silent = requests;
    }

    /// <summary>The next answers come later, by so much more than <see cref="Delay"/>. Meanwhile it hears nothing; it takes what it was
    /// asked then afterwards.</summary>
    public void BeLateFor(int answers, TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(answers);
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        (_late, _lateBy) = (answers, by);
    }

    /// <summary>The next answers are garbled.</summary>
    /// <param name="answers">How many.</param>
    /// <param name="how">What becomes of the right one; a bit in its middle is flipped unless given.</param>
    public void GarbleFor(int answers, Func<byte[], byte[]>? how = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(answers);
        (_garbled, _garbling) = (answers, how ?? FlipBit);
    }

    /// <summary>Counts a request, and answers it where it does.</summary>
    private protected async Task AnswerAsync(Func<byte[], Task> write, Func<byte[]?> answer, TimeSpan delay = default)
    {
        Requests++;
        // What it is asked to do it does all the same.
        byte[]? bytes = answer();
        if (bytes is null)
            return;
        if (_silent > 0 || IsSilent)
        {
            _silent = Math.Max(_silent - 1, 0);
            return;
        }

        delay += Delay;
        if (_late > 0)
        {
            _late--;
            delay += _lateBy;
        }

        if (delay > TimeSpan.Zero)
            await Coroutine.Sleep(delay);
        if (_garbled > 0)
        {
            _garbled--;
            bytes = _garbling([.. bytes]);
        }
        else if (IsGarbling)
        {
            bytes = FlipBit([.. bytes]);
        }

        await write(bytes);
        Answers++;
    }

    private static byte[] FlipBit(byte[] answer)
    {
        if (answer.Length > 0)
            answer[answer.Length / 2] ^= 1;
        return answer;
    }
}
