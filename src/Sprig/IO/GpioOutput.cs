namespace Sprig.IO;

/// <summary>An output line that this program holds.</summary>
/// <remarks>Any thread. Dispose drives the safe level, then gives the line back; what is left open ends so with the run that opened
/// it, or with the process.</remarks>
public sealed class GpioOutput : IDisposable
{
    private readonly GpioLineRequest _request;

    internal GpioOutput(GpioLineRequest request) => _request = request;

    /// <summary>The line's offset in its chip.</summary>
    public int Line => _request.Lines[0];

    /// <summary>The level that its end drives; null: it stays as it is.</summary>
    public bool? SafeLevel => _request.Settings[0].SafeLevel;

    /// <summary>Whether it was given back.</summary>
    public bool IsDisposed => _request.IsDisposed;

    /// <summary>The level that is driven; setting it drives it.</summary>
    /// <exception cref="IOException">The chip is gone, or failed; the level counts as before.</exception>
    public bool Level
    {
        get => (_request.Levels & 1) != 0;
        set => _request.Write(1, value ? 1UL : 0);
    }

    /// <summary>Drives a level.</summary>
    /// <exception cref="IOException">The chip is gone, or failed; the level counts as before.</exception>
    public void Write(bool level) => Level = level;

    /// <summary>Drives the other level.</summary>
    /// <exception cref="IOException">The chip is gone, or failed; the level counts as before.</exception>
    public void Toggle() => _request.Toggle(1);

    /// <summary>Drives the safe level, then gives the line back. The second call does nothing.</summary>
    public void Dispose() => _request.Dispose();
}
