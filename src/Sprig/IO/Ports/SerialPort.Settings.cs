using System.Text;

namespace Sprig.IO.Ports;

/// <content>How it is set. All may be changed while it is open: the driver is asked whether it did so, and where it did not, the
/// setting stays as it was and the error says what it can't.</content>
public sealed partial class SerialPort
{
    private SerialSettings _settings = new();
    private byte _parityReplace = (byte)'?';
    private bool _discardNull;
    private Encoding? _encoding;

    /// <summary>How it is set, as a whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The settings don't go together.</exception>
    /// <exception cref="IOException">The driver refuses.</exception>
    public SerialSettings Settings
    {
        get => _settings;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _ = value.ToFrame();
            Change(value);
        }
    }

    /// <summary>The path of the device. Not while it is open.</summary>
    /// <exception cref="InvalidOperationException">It is open.</exception>
    public string PortName
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            ThrowIfOpen(nameof(PortName));
            field = value;
            Name(value);
        }
    } = "";

    /// <summary>Bits a second: any rate that the hardware makes, to 3 %.</summary>
    /// <inheritdoc cref="Settings"/>
    public int BaudRate
    {
        get => _settings.BaudRate;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Change(_settings with { BaudRate = value });
        }
    }

    /// <summary>5 to 8.</summary>
    /// <inheritdoc cref="Settings"/>
    public int DataBits
    {
        get => _settings.DataBits;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 5);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 8);
            Change(_settings with { DataBits = value });
        }
    }

    /// <summary>The parity bit.</summary>
    /// <inheritdoc cref="Settings"/>
    public Parity Parity
    {
        get => _settings.Parity;
        set => Change(_settings with { Parity = Checked(value) });
    }

    /// <summary>The stop bits.</summary>
    /// <inheritdoc cref="Settings"/>
    public StopBits StopBits
    {
        get => _settings.StopBits;
        set => Change(_settings with
        {
            StopBits = value != StopBits.None ? Checked(value)
                : throw new ArgumentOutOfRangeException(nameof(value), value, "One or Two; OnePointFive with 5 data bits."),
        });
    }

    /// <summary>How the two ends stop each other.</summary>
    /// <inheritdoc cref="Settings"/>
    public Handshake Handshake
    {
        get => _settings.Handshake;
        set => Change(_settings with { Handshake = Checked(value) });
    }

    /// <summary>What stands for a byte that came with the wrong parity: '?' unless set. 0: it is handed on as it came. A break counts
    /// as such a byte.</summary>
    public byte ParityReplace
    {
        get => _parityReplace;
        set
        {
            _parityReplace = value;
            Change(_settings);
        }
    }

    /// <summary>Bytes that are 0 are dropped.</summary>
    public bool DiscardNull
    {
        get => _discardNull;
        set
        {
            _discardNull = value;
            Change(_settings);
        }
    }

    /// <summary>Ends the lines of <see cref="ReadLine"/>, <see cref="ReadLineAsync"/> and <see cref="WriteLine"/>: LF unless set.</summary>
    public string NewLine
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = "\n";

    /// <summary>Of all text: ASCII unless set. Until it is set, the awaited forms read UTF-8, of which ASCII is a part.</summary>
    public Encoding Encoding
    {
        get => _encoding ?? Encoding.ASCII;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _encoding = value;
        }
    }

    /// <summary>How the driver switches the sender of an RS-485 line now; null where it does no such thing. Set by
    /// <see cref="SerialSettings.Rs485"/>.</summary>
    public Rs485Settings? Rs485 => Rs485Setting.Read(OpenLine);

    private bool MarksErrors => _settings.Parity != Parity.None && _parityReplace != 0;

    private SerialLine OpenLine
    {
        get
        {
            ThrowIfClosed();
            return _isLost ? throw LostError() : _line!;
        }
    }

    private static T Checked<T>(T value)
        where T : struct, Enum
        => Enum.IsDefined(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"One of {string.Join(", ", Enum.GetNames<T>())}.");

    private void ThrowIfOpen(string member)
    {
        if (IsOpen)
            throw new InvalidOperationException($"{PortName} is open: set {member} before it is opened.");
    }

    private void Change(SerialSettings wanted)
    {
        SerialSettings before = _settings;
        if (wanted.Reopen != before.Reopen)
            ThrowIfOpen(nameof(SerialSettings.Reopen));
        _settings = wanted;
        try
        {
            if (IsConnectedLine)
                LineSetting.Apply(_line!, wanted, before, MarksErrors);
        }
        catch
        {
            _settings = before;
            throw;
        }
        finally
        {
            _filter = MarksErrors || _discardNull ? new InputFilter(MarksErrors, _parityReplace, _discardNull) : null;
        }
    }
}
