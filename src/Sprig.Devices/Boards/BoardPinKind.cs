namespace Sprig.Devices.Boards;

/// <summary>What a pin of a header is.</summary>
public enum BoardPinKind
{
    /// <summary>A line, free for the user.</summary>
    Gpio,

    /// <summary>A line that is kept for the EEPROM by which add-on boards are told.</summary>
    Id,

    /// <summary>A supply: 3V3, 5V.</summary>
    Power,

    /// <summary>Ground.</summary>
    Ground,

    /// <summary>An analog input.</summary>
    Analog,

    /// <summary>Reset, power button.</summary>
    Control,
}
