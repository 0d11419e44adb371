using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Testing.Serial;

/// <summary>A serial device without hardware: a true tty for the program under test, whose other end is this stream, for what plays
/// the device. It can be unplugged and plugged in again; the name of its tty stays.</summary>
/// <remarks>Loop thread only. Reading waits while nobody has the tty open, and while it is unplugged. Writing waits for room, as a
/// device with flow control does, but for nobody: what finds no room while the tty is closed or unplugged is lost, and counted. One
/// reader and one writer at a time. Dispose unplugs it for good.</remarks>
/// <example><code>
/// using VirtualSerial device = new();
/// using SerialPort port = SerialPort.Open(device.DevicePath);      // the program's end
/// await device.WriteAsync("21.5\r\n"u8.ToArray());                 // the device's
/// </code></example>
public sealed partial class VirtualSerial : AwaitedStream
{
    private static readonly TimeSpan s_untilOpened = TimeSpan.FromMilliseconds(20);

    private readonly AsyncManualResetEvent _plugged;
    private readonly bool _ownsFolder;
    private PseudoTerminal? _terminal;
    private Deadline? _writing;
    private bool _isOpen = true;
    private bool _isDisposed;

    /// <summary>Makes one and plugs it in.</summary>
    /// <param name="name">The name of its tty, as in /dev/serial/by-id.</param>
    /// <param name="folder">Where that name appears; a folder of its own under the temporary ones unless given. It must exist.</param>
    /// <exception cref="IOException">The folder is missing, or the name is taken.</exception>
    public VirtualSerial(string name = "ttyVIRTUAL0", string? folder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is a path; give the folder by itself.", nameof(name));
        _ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("sprig-serial-").FullName;
        DevicePath = Path.Combine(Path.GetFullPath(folder), name);
        _plugged = new AsyncManualResetEvent(name: $"{name} to be plugged in");
        try
        {
            Plug();
        }
        catch
        {
            RemoveFolder();
            throw;
        }
    }

    /// <summary>What the program opens: a link to the tty, there while the device is plugged in, with the same name each time.</summary>
    public string DevicePath { get; }

    /// <summary>The tty itself, as /dev/pts/3, another each time; null while unplugged.</summary>
    public string? TtyPath => _terminal?.DevicePath;

    /// <summary>Whether it is plugged in.</summary>
    public bool IsPlugged => _terminal is not null;

    /// <summary>Writes of which bytes were lost, because nobody had the tty open and its buffer was full, or it was unplugged.</summary>
    public long LostWrites { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <summary>Two ttys joined by a line: what is written to one is read at the other.</summary>
    /// <remarks>Must be called on a loop: two daemons carry the bytes until the pair is disposed, or the work has ended.</remarks>
    /// <inheritdoc cref="VirtualSerialPair"/>
    public static VirtualSerialPair CreatePair() => new();

    /// <summary>Plugs it in again, under the same name; nothing when it is.</summary>
    /// <exception cref="IOException">The name is taken meanwhile.</exception>
    public void Plug()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_terminal is not null)
            return;
        PseudoTerminal terminal = PseudoTerminal.Open();
        try
        {
            File.CreateSymbolicLink(DevicePath, terminal.DevicePath);
        }
        catch
        {
            terminal.Dispose();
            throw;
        }

        _terminal = terminal;
        _isOpen = true;
        _plugged.Set();
    }

    /// <summary>Pulls it out: its name disappears, and who has the tty open reads the hang-up. Nothing when it is out.</summary>
    public void Unplug()
    {
        if (_terminal is not { } terminal)
            return;
        _terminal = null;
        _plugged.Reset();
        // In this order: who looks for it after the hang-up must not find the name of a tty that is no more.
        File.Delete(DevicePath);
        terminal.Dispose();
    }

    /// <summary>What the program has written, at least one byte; waits for it if there is none.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => LoopTask<int>.Of(TakeAsync(buffer, cancellationToken));

    /// <summary>Writes all of it, or loses it (see above).</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => LoopTask<bool>.WithoutResult(GiveAsync(buffer, cancellationToken));

    /// <summary>"a virtual device at" its path.</summary>
    public override string ToString() => $"a virtual device at {DevicePath}";

    /// <summary>Unplugs it for good: who reads or writes here gets <see cref="ObjectDisposedException"/>.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Unplug();
            _plugged.Set();
            RemoveFolder();
        }

        base.Dispose(disposing);
    }

    private void RemoveFolder()
    {
        if (_ownsFolder)
            Directory.Delete(Path.GetDirectoryName(DevicePath)!);
    }
}
