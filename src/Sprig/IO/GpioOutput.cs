namespace Sprig.IO;

/// <summary>An output line that this program holds.</summary>
/// <remarks>Loop thread only. Dispose drives the safe level, then gives the line back.</remarks>
public abstract class GpioOutput : IDisposable
{
    private bool _level;

    /// <summary>For implementations: a line that already has its initial level.</summary>
    protected GpioOutput(int line, GpioOutputOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Line = line;
        SafeLevel = options.SafeLevel;
        _level = options.InitialLevel;
    }

    /// <summary>The line's offset in its chip.</summary>
    public int Line { get; }

    /// <summary>The level that Dispose drives.</summary>
    public bool SafeLevel { get; }

    /// <summary>Whether it was given back.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The level that is driven; setting it drives it.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public bool Level
    {
        get => _level;
        set
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            Drive(value);
            _level = value;
        }
    }

    /// <summary>Drives a level.</summary>
    public void Write(bool level) => Level = level;

    /// <summary>Drives the other level.</summary>
    public void Toggle() => Level = !_level;

    /// <summary>Drives the safe level, then gives the line back. The second call does nothing.</summary>
    public void Dispose()
    {
        if (IsDisposed)
            return;
        try
        {
            // Closing alone may keep the level: the kernel leaves that to the chip.
            Level = SafeLevel;
        }
        catch (IOException)
        {
            // The chip is gone; there is nothing left to drive.
        }
        finally
        {
            IsDisposed = true;
            Release();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Drives a level.</summary>
    protected abstract void Drive(bool level);

    /// <summary>Gives the line back; called once.</summary>
    protected abstract void Release();
}
