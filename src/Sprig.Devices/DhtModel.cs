namespace Sprig.Devices;

/// <summary>Which of the sensors that speak DHT's one-wire protocol.</summary>
public enum DhtModel
{
    /// <summary>DHT22, AM2302: tenths of a degree and of a percent.</summary>
    Dht22,

    /// <summary>DHT11: coarser, and asked with a longer pulse.</summary>
    Dht11,
}
