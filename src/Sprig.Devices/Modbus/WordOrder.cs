namespace Sprig.Devices.Modbus;

/// <summary>Which half of a number of 32 bits stands in the first of its two registers.</summary>
public enum WordOrder
{
    /// <summary>The high one, as most devices have it: ABCD.</summary>
    HighFirst,

    /// <summary>The low one: CDAB.</summary>
    LowFirst,
}
